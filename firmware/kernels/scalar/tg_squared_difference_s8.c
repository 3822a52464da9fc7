/* Portable: one element after the other. */
#include "tg_squared_difference_s8.h"

static int32_t scaled(int32_t x, int32_t zero_point, tg_requant requant) {
    return tg_multiply((x - zero_point) * (1 << 7), requant);
}

/* |difference| <= 255 * 2**7, so its square is below 2**31. */
static int32_t squared(const tg_squared_difference_s8_params *p, int32_t x, int32_t y) {
    const int32_t difference =
        scaled(x, p->input1_zero_point, p->input1_requant) - scaled(y, p->input2_zero_point, p->input2_requant);
    const int32_t stored = tg_multiply(difference * difference, p->output_requant) + p->output_zero_point;
    return tg_clamp(stored, -128, 127);
}

void tg_squared_difference_s8(const tg_squared_difference_s8_params *p, const int8_t *input1, const int8_t *input2,
                              int8_t *output, int32_t first, int32_t count) {
    TG_PAIRS(int8_t, int8_t, int8_t, squared(p, x, y))
}
