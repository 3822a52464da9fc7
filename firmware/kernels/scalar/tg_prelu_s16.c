/* Portable: one element after the other. */
#include "tg_prelu_s16.h"

/* |product| <= 65535 * 255. */
static int32_t prelu(const tg_prelu_s16_params *p, int32_t x, int32_t alpha) {
    if (x >= 0) {
        return tg_multiply(x, p->identity_requant);
    }
    return tg_multiply(x * (alpha - p->alpha_zero_point), p->alpha_requant);
}

void tg_prelu_s16(const tg_prelu_s16_params *p, const int16_t *input1, const int8_t *input2, int16_t *output,
                  int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int8_t, int16_t,
             tg_clamp(prelu(p, x - p->input_zero_point, y) + p->output_zero_point, -32768, 32767))
}
