/* Portable: one gate after the other, each for all units; one step's outputs are exact within 1e-5 of the largest. */
#include "tg_lstm_f32.h"

static float dot(const float *a, const float *b, int32_t depth, float sum) {
    for (int32_t i = 0; i < depth; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* What goes into the gate's sigmoid or tanh. */
static void gate(const tg_lstm_gate_f32 *g, const tg_lstm_sequence *s, const float *input, const float *hidden,
                 const float *cell, float *sums) {
    for (int32_t u = 0; u < s->units; u++) {
        float sum = dot(input, g->input_weights + u * s->depth, s->depth, g->norm ? 0.0f : g->bias[u]);
        sum = dot(hidden, g->recurrent_weights + u * s->outputs, s->outputs, sum);
        sums[u] = g->peephole ? sum + g->peephole[u] * cell[u] : sum;
    }
    if (g->norm) {
        tg_lstm_normalize(sums, s->units);
        for (int32_t u = 0; u < s->units; u++) {
            sums[u] = sums[u] * g->norm[u] + g->bias[u];
        }
    }
}

static void step(const tg_lstm_f32_params *p, const float *input, float *output, const float *hidden, float *cell,
                 float *scratch) {
    const tg_lstm_sequence *s = &p->sequence;
    float *forget = scratch, *entry = scratch + s->units, *value = entry + s->units, *result = value + s->units;
    gate(&p->forget_gate, s, input, hidden, cell, forget);
    gate(&p->cell_gate, s, input, hidden, cell, value);
    if (!p->is_coupled) {
        gate(&p->input_gate, s, input, hidden, cell, entry);
    }
    for (int32_t u = 0; u < s->units; u++) {
        const float kept = tg_logistic(forget[u]);
        const float taken = p->is_coupled ? 1.0f - kept : tg_logistic(entry[u]);
        cell[u] = tg_lstm_clip(kept * cell[u] + tg_tanh(value[u]) * taken, p->cell_clip);
    }
    gate(&p->output_gate, s, input, hidden, cell, result);
    for (int32_t u = 0; u < s->units; u++) {
        result[u] = tg_logistic(result[u]) * tg_tanh(cell[u]);
    }
    for (int32_t o = 0; o < s->outputs; o++) {
        if (p->projection) {
            const float bias = p->projection_bias ? p->projection_bias[o] : 0.0f;
            output[o] = tg_lstm_clip(dot(result, p->projection + o * s->units, s->units, bias), p->projection_clip);
        } else {
            output[o] = result[o];
        }
    }
}

void tg_lstm_f32(const tg_lstm_f32_params *p, const float *input, float *output, float *hidden, float *cell,
                 void *scratch) {
    const tg_lstm_sequence *s = &p->sequence;
    for (int32_t b = 0; b < s->batches; b++) {
        float *state = hidden + b * s->outputs;
        for (int32_t t = 0; t < s->times; t++) {
            const int32_t vector = p->way.first + b * s->batch_step + t * s->time_step;
            float *out = output + vector * p->way.output_step + p->way.output_offset;
            step(p, input + vector * s->depth, out, state, cell + b * s->units, (float *)scratch);
            for (int32_t o = 0; o < s->outputs; o++) {
                state[o] = out[o];
            }
        }
    }
}
