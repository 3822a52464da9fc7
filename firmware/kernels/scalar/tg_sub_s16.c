/* Portable: one element after the other. */
#include "tg_sub_s16.h"

/* |x - zero point| <= 65535, so the widened value is below 2**31. */
static int32_t scaled(int32_t x, int32_t zero_point, tg_requant requant) {
    return tg_multiply((x - zero_point) * (1 << 15), requant);
}

static int32_t combined(const tg_sub_s16_params *p, int32_t x, int32_t y) {
    const int32_t result =
        scaled(x, p->input1_zero_point, p->input1_requant) - scaled(y, p->input2_zero_point, p->input2_requant);
    return tg_clamp(tg_multiply(result, p->output_requant) + p->output_zero_point, p->output_min, p->output_max);
}

void tg_sub_s16(const tg_sub_s16_params *p, const int16_t *input1, const int16_t *input2, int16_t *output,
                int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int16_t, int16_t, combined(p, x, y))
}
