/* The gates of a unit by two share each word of the input and of the hidden state. */
#include "tg_lstm_s16.h"
#include "tg_dsp_wide.h"

static int32_t combined(const tg_lstm_gate_s16 *g, int64_t first, int64_t second) {
    return tg_lstm_clamp(tg_lstm_clamp(tg_wide_multiply(first, g->input)) +
                         tg_lstm_clamp(tg_wide_multiply(second, g->recurrent)));
}

static void two_gates(const tg_lstm_gate_s16 *g, const tg_lstm_gate_s16 *h, const tg_lstm_sequence *s, int32_t unit,
                      const int16_t *input, const int16_t *hidden, int32_t gates[2]) {
    const int32_t at = unit * s->depth, from = unit * s->outputs;
    int64_t first[2] = {g->input_bias[unit], h->input_bias[unit]}, second[2] = {0, 0};
    tg_wide_dot_two(input, g->input_weights + at, h->input_weights + at, s->depth, first);
    tg_wide_dot_two(hidden, g->recurrent_weights + from, h->recurrent_weights + from, s->outputs, second);
    gates[0] = combined(g, first[0], second[0]);
    gates[1] = combined(h, first[1], second[1]);
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
                int32_t early[2], late[2];
                two_gates(&p->input_gate, &p->forget_gate, s, u, in, state, early);
                two_gates(&p->cell_gate, &p->output_gate, s, u, in, state, late);
                out[u] = (int16_t)tg_lstm_next(&p->cell_update, early[0], early[1], late[0], late[1],
                                               cell + b * s->units + u);
            }
            for (int32_t u = 0; u < s->units; u++) {
                state[u] = out[u];
            }
        }
    }
}
