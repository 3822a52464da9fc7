/* Portable: one element after the other. */
#include "tg_div_s8.h"

/* |x|, |y| <= 255. The dividend is shifted up as far as it goes, so that its product keeps its bits. */
static int32_t quotient(const tg_div_s8_params *p, int32_t x, int32_t y) {
    if (x == 0) {
        return 0;
    }
    if (y < 0) {
        x = -x;
        y = -y;
    }
    int32_t headroom = 31;
    for (int32_t rest = x < 0 ? -x - 1 : x; rest != 0; rest >>= 1) {
        headroom--;
    }
    const tg_requant reciprocal = p->reciprocals[y];
    const int32_t unscaled = tg_multiply_high((int32_t)((uint32_t)x << headroom), reciprocal.multiplier);
    tg_requant requant = p->output_requant;
    requant.shift += reciprocal.shift - headroom;
    return requant.shift < -31 ? 0 : tg_multiply(unscaled, requant);
}

void tg_div_s8(const tg_div_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    TG_PAIRS(int8_t, int8_t, int8_t,
             tg_clamp(quotient(p, x - p->input1_zero_point, y - p->input2_zero_point) + p->output_zero_point,
                      p->output_min, p->output_max))
}
