/* Portable: one output after the other. */
#include "tg_fully_connected_f32.h"

void tg_fully_connected_f32(const tg_fully_connected_f32_params *p, const float *input, const float *weights,
                            const float *bias, float *output) {
    for (int32_t b = 0; b < p->batches; b++) {
        const float *row = weights;
        for (int32_t o = 0; o < p->outputs; o++) {
            float sum = 0.0f;
            for (int32_t i = 0; i < p->depth; i++) {
                const float product = input[i] * row[i];
                sum += product;
            }
            *output++ = tg_clamped(sum + bias[o], p->output_min, p->output_max);
            row += p->depth;
        }
        input += p->depth;
    }
}
