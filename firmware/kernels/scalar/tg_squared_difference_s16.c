/* Portable: one element after the other. */
#include "tg_squared_difference_s16.h"

static int32_t scaled(int32_t x, int32_t zero_point, tg_requant requant) {
    return tg_multiply((x - zero_point) * (1 << 0), requant);
}

/* |difference| <= 2**15, so its square is below 2**31. */
static int32_t squared(const tg_squared_difference_s16_params *p, int32_t x, int32_t y) {
    const int32_t difference =
        scaled(x, p->input1_zero_point, p->input1_requant) - scaled(y, p->input2_zero_point, p->input2_requant);
    const int32_t stored = tg_multiply(difference * difference, p->output_requant) + p->output_zero_point;
    return tg_clamp(stored, -32768, 32767);
}

void tg_squared_difference_s16(const tg_squared_difference_s16_params *p, const int16_t *input1, const int16_t *input2,
                               int16_t *output, int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int16_t, int16_t, squared(p, x, y))
}
