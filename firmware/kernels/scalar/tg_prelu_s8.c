/* Portable: one element after the other. */
#include "tg_prelu_s8.h"

/* |product| <= 255 * 255. */
static int32_t prelu(const tg_prelu_s8_params *p, int32_t x, int32_t alpha) {
    if (x >= 0) {
        return tg_multiply(x, p->identity_requant);
    }
    return tg_multiply(x * (alpha - p->alpha_zero_point), p->alpha_requant);
}

void tg_prelu_s8(const tg_prelu_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
                 int32_t count) {
    TG_PAIRS(int8_t, int8_t, int8_t, tg_clamp(prelu(p, x - p->input_zero_point, y) + p->output_zero_point, -128, 127))
}
