/* Portable: one element after the other. */
#include "tg_neg_s32.h"

void tg_neg_s32(const tg_neg_s32_params *p, const int32_t *input, int32_t *output, int32_t first, int32_t count) {
    TG_MAP(int32_t, int32_t, 0u - (uint32_t)x)
}
