/* Portable: one element after the other. */
#include "tg_mul_s8.h"

/* |product| <= 255 * 255. */
static int32_t product(const tg_mul_s8_params *p, int32_t x, int32_t y) {
    const int32_t result = (x - p->input1_zero_point) * (y - p->input2_zero_point);
    return tg_clamp(tg_multiply(result, p->output_requant) + p->output_zero_point, p->output_min, p->output_max);
}

void tg_mul_s8(const tg_mul_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    TG_PAIRS(int8_t, int8_t, int8_t, product(p, x, y))
}
