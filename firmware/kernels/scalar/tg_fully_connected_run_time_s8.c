/* Portable: one output after the other. */
#include "tg_fully_connected_run_time_s8.h"

/* Sums wrap as TFLite's registers do. */
static int32_t sum(const tg_fully_connected_run_time_s8_params *p, const int8_t *input, const int8_t *weights,
                   int32_t bias) {
    uint32_t acc = (uint32_t)bias;
    for (int32_t i = 0; i < p->depth; i++) {
        acc += (uint32_t)((input[i] - p->input_zero_point) * (weights[i] - p->weights_zero_point));
    }
    return (int32_t)acc;
}

void tg_fully_connected_run_time_s8(const tg_fully_connected_run_time_s8_params *p, const int8_t *input,
                                    const int8_t *weights, const int32_t *bias, int8_t *output) {
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t o = 0; o < p->outputs; o++) {
            const int32_t acc = sum(p, input + b * p->depth, weights + o * p->depth, bias[o]);
            const int32_t stored = tg_multiply(acc, p->requant) + p->output_zero_point;
            *output++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
        }
    }
}
