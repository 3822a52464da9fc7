/* Portable: one element after the other. */
#include "tg_compare_s16.h"

void tg_compare_s16(const tg_compare_s16_params *p, const int16_t *input1, const int16_t *input2, bool *output,
                    int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int16_t, bool, (p->relation & (x < y ? 1 : x == y ? 2 : 4)) != 0)
}
