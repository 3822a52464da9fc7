/* The four gates of a unit at once share each word of the input and of the hidden state. */
#include "tg_lstm_s8.h"
#include "tg_dsp_dot.h"

static int32_t scaled(uint32_t sum, tg_requant requant) {
    return tg_lstm_clamp(tg_multiply((int32_t)sum, requant));
}

/* The sums over the input, then over the hidden state, with the bias in them, of gates 0 .. 3. */
static void multiply(const tg_lstm_s8_params *p, const int8_t *input, const int8_t *hidden, int32_t unit,
                     uint32_t first[4], uint32_t second[4]) {
    const tg_lstm_gate_s8 *const gates[4] = {&p->input_gate, &p->forget_gate, &p->cell_gate, &p->output_gate};
    const int32_t depth = p->sequence.depth, outputs = p->sequence.outputs;
    const int8_t *from_input[4], *from_hidden[4];
    for (int i = 0; i < 4; i++) {
        from_input[i] = gates[i]->input_weights + unit * depth;
        from_hidden[i] = gates[i]->recurrent_weights + unit * outputs;
        first[i] = (uint32_t)gates[i]->input_bias[unit];
        second[i] = (uint32_t)gates[i]->recurrent_bias[unit];
    }
    tg_dot_four(input, 0, from_input, depth, first);
    tg_dot_four(hidden, 0, from_hidden, outputs, second);
}

static int32_t next_hidden(const tg_lstm_s8_params *p, const int8_t *input, const int8_t *hidden, int32_t unit,
                           int16_t *cell) {
    uint32_t first[4], second[4];
    multiply(p, input, hidden, unit, first, second);
    const tg_lstm_gate_s8 *const gates[4] = {&p->input_gate, &p->forget_gate, &p->cell_gate, &p->output_gate};
    int32_t gate[4];
    for (int i = 0; i < 4; i++) {
        gate[i] = tg_lstm_clamp(scaled(first[i], gates[i]->input) + scaled(second[i], gates[i]->recurrent));
    }
    return tg_lstm_next(&p->cell_update, gate[0], gate[1], gate[2], gate[3], cell);
}

void tg_lstm_s8(const tg_lstm_s8_params *p, const int8_t *input, int8_t *output, int8_t *hidden, int16_t *cell) {
    const tg_lstm_sequence *s = &p->sequence;
    for (int32_t b = 0; b < s->batches; b++) {
        int8_t *state = hidden + b * s->outputs;
        for (int32_t t = 0; t < s->times; t++) {
            const int32_t vector = b * s->batch_step + t * s->time_step;
            int8_t *out = output + vector * s->outputs;
            for (int32_t u = 0; u < s->units; u++) { /* outputs == units */
                out[u] = (int8_t)next_hidden(p, input + vector * s->depth, state, u, cell + b * s->units + u);
            }
            for (int32_t u = 0; u < s->units; u++) {
                state[u] = out[u];
            }
        }
    }
}
