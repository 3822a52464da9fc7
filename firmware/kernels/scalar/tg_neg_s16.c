/* Portable: one element after the other. */
#include "tg_neg_s16.h"

void tg_neg_s16(const tg_neg_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count) {
    TG_MAP(int16_t, int16_t, -x)
}
