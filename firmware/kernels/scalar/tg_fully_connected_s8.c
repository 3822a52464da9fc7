/* Portable: one output after the other. */
#include "tg_fully_connected_s8.h"

void tg_fully_connected_s8(const tg_fully_connected_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t o = 0; o < p->outputs; o++) {
            const int8_t *weights = p->weights + o * p->weights_stride;
            uint32_t acc = (uint32_t)p->bias[o]; /* wraps as TFLite's registers do */
            for (int32_t i = 0; i < p->depth; i++) {
                acc += (uint32_t)(input[i] * (weights[i] - p->weights_zero_point));
            }
            const int32_t stored =
                tg_multiply((int32_t)acc, p->requant[o * p->requant_step]) + p->output_zero_point;
            *output++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
        }
        input += p->depth;
    }
}
