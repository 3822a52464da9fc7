/* Portable: one output after the other, block by block. */
#include "tg_fully_connected_blockwise_f32_s8.h"

void tg_fully_connected_blockwise_f32_s8(const tg_fully_connected_blockwise_f32_s8_params *p, const float *input,
                                         float *output, void *scratch) {
    int8_t *const row = (int8_t *)scratch;
    for (int32_t b = 0; b < p->batches; b++) {
        const tg_hybrid_scale scale = tg_hybrid_quantize(input + b * p->depth, p->depth, p->symmetric, row);
        const int8_t *weights = p->weights;
        const float *scales = p->scales;
        for (int32_t o = 0; o < p->outputs; o++) {
            float total = 0.0f;
            for (int32_t first = 0; first < p->depth; first += p->block) {
                int32_t sum = 0; /* |sum| <= block * 255 * 2**7 < 2**31 */
                for (int32_t i = first; i < first + p->block; i++) {
                    sum += (row[i] - scale.zero_point) * *weights++;
                }
                total += (float)sum * *scales++;
            }
            *output++ = tg_clamped(total * scale.scale + p->bias[o], p->output_min, p->output_max);
        }
    }
}
