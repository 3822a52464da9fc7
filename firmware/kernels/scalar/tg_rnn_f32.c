/* Portable: one unit after the other, in single precision. */
#include "tg_rnn_f32.h"

#include "tg_math.h"

static float dot(const float *a, const float *b, int32_t depth, float sum) {
    for (int32_t i = 0; i < depth; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void step(const tg_rnn_f32_params *p, const float *input, const float *hidden, float *output) {
    for (int32_t u = 0; u < p->units; u++) {
        const float entered = dot(input, p->weights + u * p->depth, p->depth, p->bias[u]);
        const float sum = dot(hidden, p->recurrent_weights + u * p->units, p->units, entered);
        output[u] = p->is_tanh ? tg_tanh(sum) : tg_clamp_float(sum, p->output_min, p->output_max);
    }
}

void tg_rnn_f32(const tg_rnn_f32_params *p, const float *input, float *output, float *hidden) {
    for (int32_t b = 0; b < p->batches; b++) {
        float *const state = hidden + b * p->units;
        for (int32_t t = 0; t < p->times; t++) {
            const int32_t vector = p->first + b * p->batch_step + t * p->time_step;
            float *const out = output + vector * p->output_units + p->output_offset;
            step(p, input + vector * p->depth, state, out);
            for (int32_t u = 0; u < p->units; u++) {
                state[u] = out[u];
            }
        }
    }
}
