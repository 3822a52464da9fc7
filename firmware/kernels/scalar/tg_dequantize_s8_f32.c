/* Portable: one element after the other, in single precision. */
#include "tg_dequantize_s8_f32.h"

void tg_dequantize_s8_f32(const tg_dequantize_s8_f32_params *p, const int8_t *input, float *output, int32_t first,
                          int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row(input, p->input, r);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t i = 0; i < p->row_elements; i++) {
            out[i] = p->scale * (float)(in[i] - p->zero_point);
        }
    }
}
