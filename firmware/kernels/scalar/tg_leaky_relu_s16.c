/* Portable: one element after the other. */
#include "tg_leaky_relu_s16.h"

static int32_t leaky(const tg_leaky_relu_s16_params *p, int32_t x) {
    const int32_t scaled = tg_multiply(x, x >= 0 ? p->identity_requant : p->alpha_requant);
    return tg_clamp(scaled + p->output_zero_point, -32768, 32767);
}

void tg_leaky_relu_s16(const tg_leaky_relu_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                       int32_t count) {
    TG_MAP(int16_t, int16_t, leaky(p, x - p->input_zero_point))
}
