/* Portable: one unit after the other; its gates, its cell, its output. */
#include "tg_lstm_s8.h"

/* The accumulator wraps as an int32 register does. */
static int32_t dot(const int8_t *input, const int8_t *weights, int32_t depth, int32_t bias) {
    uint32_t sum = (uint32_t)bias;
    for (int32_t i = 0; i < depth; i++) {
        sum += (uint32_t)(input[i] * weights[i]);
    }
    return (int32_t)sum;
}

static int32_t gate(const tg_lstm_gate_s8 *g, const tg_lstm_sequence *s, int32_t unit, const int8_t *input,
                    const int8_t *hidden) {
    const int32_t first = dot(input, g->input_weights + unit * s->depth, s->depth, g->input_bias[unit]);
    const int32_t second = dot(hidden, g->recurrent_weights + unit * s->outputs, s->outputs, g->recurrent_bias[unit]);
    return tg_lstm_clamp(tg_lstm_clamp(tg_multiply(first, g->input)) +
                         tg_lstm_clamp(tg_multiply(second, g->recurrent)));
}

void tg_lstm_s8(const tg_lstm_s8_params *p, const int8_t *input, int8_t *output, int8_t *hidden, int16_t *cell) {
    const tg_lstm_sequence *s = &p->sequence;
    for (int32_t b = 0; b < s->batches; b++) {
        int8_t *state = hidden + b * s->outputs;
        for (int32_t t = 0; t < s->times; t++) {
            const int32_t vector = b * s->batch_step + t * s->time_step;
            const int8_t *in = input + vector * s->depth;
            int8_t *out = output + vector * s->outputs;
            for (int32_t u = 0; u < s->units; u++) { /* outputs == units */
                out[u] =
                    (int8_t)tg_lstm_next(&p->cell_update, gate(&p->input_gate, s, u, in, state),
                                         gate(&p->forget_gate, s, u, in, state), gate(&p->cell_gate, s, u, in, state),
                                         gate(&p->output_gate, s, u, in, state), cell + b * s->units + u);
            }
            for (int32_t u = 0; u < s->units; u++) {
                state[u] = out[u];
            }
        }
    }
}
