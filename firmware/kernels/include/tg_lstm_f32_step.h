/* LSTM and UNIDIRECTIONAL_SEQUENCE_LSTM of floats, but for the products of vectors with matrices, which each variant
   has its own of. One step's outputs are exact within 1e-5 of the largest. */
#ifndef TG_LSTM_F32_STEP_H
#define TG_LSTM_F32_STEP_H

#include "tg_lstm_f32.h"
#include "tg_lstm_real.h"

/* Adds to each of `count` sums the products of a vector with a row of the matrix, in the order of the elements. */
static void tg_lstm_multiply(const float *vector, const float *matrix, int32_t depth, int32_t count, float *sums);

/* What goes into the gate's sigmoid or tanh. */
static inline void tg_lstm_gate(const tg_lstm_gate_f32 *g, const tg_lstm_sequence *s, const float *input,
                                const float *hidden, const float *cell, float *sums) {
    for (int32_t u = 0; u < s->units; u++) {
        sums[u] = g->norm ? 0.0f : g->bias[u];
    }
    tg_lstm_multiply(input, g->input_weights, s->depth, s->units, sums);
    tg_lstm_multiply(hidden, g->recurrent_weights, s->outputs, s->units, sums);
    for (int32_t u = 0; u < s->units && g->peephole; u++) {
        sums[u] += g->peephole[u] * cell[u];
    }
    if (g->norm) {
        tg_lstm_normalize(sums, s->units);
        for (int32_t u = 0; u < s->units; u++) {
            sums[u] = sums[u] * g->norm[u] + g->bias[u];
        }
    }
}

static inline void tg_lstm_step(const tg_lstm_f32_params *p, const float *input, float *output, const float *hidden,
                                float *cell, float *scratch) {
    const tg_lstm_sequence *s = &p->sequence;
    float *forget = scratch, *entry = scratch + s->units, *value = entry + s->units, *result = value + s->units;
    tg_lstm_gate(&p->forget_gate, s, input, hidden, cell, forget);
    tg_lstm_gate(&p->cell_gate, s, input, hidden, cell, value);
    if (!p->is_coupled) {
        tg_lstm_gate(&p->input_gate, s, input, hidden, cell, entry);
    }
    for (int32_t u = 0; u < s->units; u++) {
        const float kept = tg_logistic(forget[u]);
        const float taken = p->is_coupled ? 1.0f - kept : tg_logistic(entry[u]);
        cell[u] = tg_lstm_clip(kept * cell[u] + tg_tanh(value[u]) * taken, p->cell_clip);
    }
    tg_lstm_gate(&p->output_gate, s, input, hidden, cell, result);
    for (int32_t u = 0; u < s->units; u++) {
        result[u] = tg_logistic(result[u]) * tg_tanh(cell[u]);
    }
    for (int32_t o = 0; o < s->outputs; o++) {
        output[o] = !p->projection ? result[o] : p->projection_bias ? p->projection_bias[o] : 0.0f;
    }
    if (p->projection) {
        tg_lstm_multiply(result, p->projection, s->units, s->outputs, output);
        for (int32_t o = 0; o < s->outputs; o++) {
            output[o] = tg_lstm_clip(output[o], p->projection_clip);
        }
    }
}

/* The whole operator. */
static inline void tg_lstm_run(const tg_lstm_f32_params *p, const float *input, float *output, float *hidden,
                               float *cell, void *scratch) {
    const tg_lstm_sequence *s = &p->sequence;
    for (int32_t b = 0; b < s->batches; b++) {
        float *state = hidden + b * s->outputs;
        for (int32_t t = 0; t < s->times; t++) {
            const int32_t vector = p->way.first + b * s->batch_step + t * s->time_step;
            float *out = output + vector * p->way.output_step + p->way.output_offset;
            tg_lstm_step(p, input + vector * s->depth, out, state, cell + b * s->units, (float *)scratch);
            for (int32_t o = 0; o < s->outputs; o++) {
                state[o] = out[o];
            }
        }
    }
}

#endif
