/* Portable: by way of 64 bits, told apart for each element. */
#include "tg_neg.h"

void tg_neg(const tg_neg_params *p, const void *input, void *output, int32_t first, int32_t count) {
    TG_INTEGER_MAP((int64_t)(0u - (uint64_t)x))
}
