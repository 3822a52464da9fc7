/* Portable: one element after the other. */
#include "tg_sub_s8.h"

/* |x - zero point| <= 255, so the widened value is below 2**28. */
static int32_t scaled(int32_t x, int32_t zero_point, tg_requant requant) {
    return tg_multiply((x - zero_point) * (1 << 20), requant);
}

static int32_t combined(const tg_sub_s8_params *p, int32_t x, int32_t y) {
    const int32_t result =
        scaled(x, p->input1_zero_point, p->input1_requant) - scaled(y, p->input2_zero_point, p->input2_requant);
    return tg_clamp(tg_multiply(result, p->output_requant) + p->output_zero_point, p->output_min, p->output_max);
}

void tg_sub_s8(const tg_sub_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    TG_PAIRS(int8_t, int8_t, int8_t, combined(p, x, y))
}
