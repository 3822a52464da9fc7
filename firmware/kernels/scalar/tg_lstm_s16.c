/* Portable: one unit after the other; its gates, its cell, its output. */
#include "tg_lstm_s16.h"

static int32_t gate(const tg_lstm_gate_s16 *g, const tg_lstm_sequence *s, int32_t unit, const int16_t *input,
                    const int16_t *hidden) {
    const int64_t first =
        tg_wide_add(g->input_bias[unit], tg_wide_dot(input, g->input_weights + unit * s->depth, s->depth));
    const int64_t second = tg_wide_dot(hidden, g->recurrent_weights + unit * s->outputs, s->outputs);
    return tg_lstm_clamp(tg_lstm_clamp(tg_wide_multiply(first, g->input)) +
                         tg_lstm_clamp(tg_wide_multiply(second, g->recurrent)));
}

void tg_lstm_s16(const tg_lstm_s16_params *p, const int16_t *input, int16_t *output, int16_t *hidden, int16_t *cell) {
    const tg_lstm_sequence *s = &p->sequence;
    for (int32_t b = 0; b < s->batches; b++) {
        int16_t *state = hidden + b * s->outputs;
        for (int32_t t = 0; t < s->times; t++) {
            const int32_t vector = b * s->batch_step + t * s->time_step;
            const int16_t *in = input + vector * s->depth;
            int16_t *out = output + vector * s->outputs;
            for (int32_t u = 0; u < s->units; u++) { /* outputs == units */
                out[u] =
                    (int16_t)tg_lstm_next(&p->cell_update, gate(&p->input_gate, s, u, in, state),
                                          gate(&p->forget_gate, s, u, in, state), gate(&p->cell_gate, s, u, in, state),
                                          gate(&p->output_gate, s, u, in, state), cell + b * s->units + u);
            }
            for (int32_t u = 0; u < s->units; u++) {
                state[u] = out[u];
            }
        }
    }
}
