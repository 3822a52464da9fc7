/* Portable: one element after the other. */
#include "tg_compare_f32.h"

void tg_compare_f32(const tg_compare_f32_params *p, const float *input1, const float *input2, bool *output,
                    int32_t first, int32_t count) {
    TG_PAIRS(float, float, bool, (p->relation & (x < y ? 1 : x == y ? 2 : x > y ? 4 : 8)) != 0)
}
