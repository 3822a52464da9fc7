/* Portable: one element after the other, in single precision. */
#include "tg_quantize_f32_s8.h"

/* round(x), halves away from zero, for any float; 2**24 is beyond every stored value. */
static int32_t round_bounded(float x) {
    const float limit = 16777216.0f;
    if (!(x > -limit)) {
        return x <= -limit ? -16777216 : 0; /* neither smaller nor larger: not a number */
    }
    if (x >= limit) {
        return 16777216;
    }
    const int32_t whole = (int32_t)x;
    const float rest = x - (float)whole; /* exact */
    return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
}

void tg_quantize_f32_s8(const tg_quantize_f32_s8_params *p, const float *input, int8_t *output, int32_t first,
                        int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const float *in = (const float *)(const void *)tg_row((const int8_t *)input, p->input, r);
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t i = 0; i < p->row_elements; i++) {
            out[i] = (int8_t)tg_clamp(round_bounded(in[i] / p->scale) + p->zero_point, -128, 127);
        }
    }
}
