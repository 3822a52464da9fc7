/* Portable: one element after the other. */
#include "tg_compare_scaled_s16.h"

static int32_t related(const tg_compare_scaled_s16_params *p, int32_t x, int32_t y) {
    const int32_t a = tg_multiply((x - p->input1_zero_point) * 256, p->input1_requant);
    const int32_t b = tg_multiply((y - p->input2_zero_point) * 256, p->input2_requant);
    return a < b ? 1 : a == b ? 2 : 4;
}

void tg_compare_scaled_s16(const tg_compare_scaled_s16_params *p, const int16_t *input1, const int16_t *input2,
                           bool *output, int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int16_t, bool, (p->relation & related(p, x, y)) != 0)
}
