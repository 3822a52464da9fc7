/* Portable: one output after the other. */
#include "tg_fully_connected_f32_s8.h"

void tg_fully_connected_f32_s8(const tg_fully_connected_f32_s8_params *p, const float *input, float *output,
                               void *scratch) {
    int8_t *row = (int8_t *)scratch;
    for (int32_t b = 0; b < p->batches; b++) {
        const tg_hybrid_scale scale = tg_hybrid_quantize(input + b * p->depth, p->depth, p->symmetric, row);
        const int8_t *weights = p->weights;
        for (int32_t o = 0; o < p->outputs; o++) {
            int32_t sum = 0; /* |sum| <= depth * 255 * 2**7 < 2**31 */
            for (int32_t i = 0; i < p->depth; i++) {
                sum += (row[i] - scale.zero_point) * *weights++;
            }
            const float real = (float)sum * (scale.scale * p->scale[o * p->scale_step]);
            *output++ = tg_clamped(real + p->bias[o], p->output_min, p->output_max);
        }
    }
}
