/* Portable: one element after the other. */
#include "tg_mul_s16.h"

/* |product| <= 2**30: the zero points are 0. */
static int32_t product(const tg_mul_s16_params *p, int32_t x, int32_t y) {
    const int32_t result = (x - p->input1_zero_point) * (y - p->input2_zero_point);
    return tg_clamp(tg_multiply(result, p->output_requant) + p->output_zero_point, p->output_min, p->output_max);
}

void tg_mul_s16(const tg_mul_s16_params *p, const int16_t *input1, const int16_t *input2, int16_t *output,
                int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int16_t, int16_t, product(p, x, y))
}
