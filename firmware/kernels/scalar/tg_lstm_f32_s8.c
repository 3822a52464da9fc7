/* Portable: one gate after the other, each for all units. */
#include "tg_lstm_f32_s8.h"

/* A vector as int8. */
typedef struct {
    const int8_t *stored;
    tg_hybrid_scale scale;
} quantized;

/* One row of the matrix times the vector; |sum| <= depth * 255 * 2**7 < 2**31. */
static float dot(const tg_lstm_matrix *m, int32_t row, const quantized *vector, int32_t depth) {
    const int8_t *weights = m->weights + row * depth;
    int32_t sum = 0;
    for (int32_t i = 0; i < depth; i++) {
        sum += (vector->stored[i] - vector->scale.zero_point) * weights[i];
    }
    return (float)sum * (vector->scale.scale * m->scale);
}

/* What goes into the gate's sigmoid or tanh. */
static void gate(const tg_lstm_gate_f32_s8 *g, const tg_lstm_sequence *s, const quantized *input,
                 const quantized *hidden, const float *cell, float *sums) {
    for (int32_t u = 0; u < s->units; u++) {
        const float entered = (g->norm ? 0.0f : g->bias[u]) + dot(&g->input, u, input, s->depth);
        const float sum = entered + dot(&g->recurrent, u, hidden, s->outputs);
        sums[u] = g->peephole ? sum + g->peephole[u] * cell[u] : sum;
    }
    if (g->norm) {
        tg_lstm_normalize(sums, s->units);
        for (int32_t u = 0; u < s->units; u++) {
            sums[u] = sums[u] * g->norm[u] + g->bias[u];
        }
    }
}

/* The hidden state from what the output gate lets through. */
static void project(const tg_lstm_f32_s8_params *p, const float *result, int8_t *stored, float *output) {
    const tg_lstm_sequence *s = &p->sequence;
    if (!p->projection.weights) {
        for (int32_t o = 0; o < s->outputs; o++) {
            output[o] = result[o];
        }
        return;
    }
    const quantized vector = {stored, tg_hybrid_quantize(result, s->units, p->symmetric, stored)};
    for (int32_t o = 0; o < s->outputs; o++) {
        const float bias = p->projection_bias ? p->projection_bias[o] : 0.0f;
        output[o] = tg_lstm_clip(bias + dot(&p->projection, o, &vector, s->units), p->projection_clip);
    }
}

static void step(const tg_lstm_f32_s8_params *p, const float *input, float *output, const float *hidden, float *cell,
                 float *scratch) {
    const tg_lstm_sequence *s = &p->sequence;
    float *forget = scratch, *entry = scratch + s->units, *value = entry + s->units, *result = value + s->units;
    int8_t *const bytes = (int8_t *)(result + s->units), *const more = bytes + s->depth;
    const quantized read = {bytes, tg_hybrid_quantize(input, s->depth, p->symmetric, bytes)};
    const quantized last = {more, tg_hybrid_quantize(hidden, s->outputs, p->symmetric, more)};
    gate(&p->forget_gate, s, &read, &last, cell, forget);
    gate(&p->cell_gate, s, &read, &last, cell, value);
    if (!p->is_coupled) {
        gate(&p->input_gate, s, &read, &last, cell, entry);
    }
    for (int32_t u = 0; u < s->units; u++) {
        const float kept = tg_logistic(forget[u]);
        const float taken = p->is_coupled ? 1.0f - kept : tg_logistic(entry[u]);
        cell[u] = tg_lstm_clip(kept * cell[u] + tg_tanh(value[u]) * taken, p->cell_clip);
    }
    gate(&p->output_gate, s, &read, &last, cell, result);
    for (int32_t u = 0; u < s->units; u++) {
        result[u] = tg_logistic(result[u]) * tg_tanh(cell[u]);
    }
    project(p, result, more + s->outputs, output);
}

void tg_lstm_f32_s8(const tg_lstm_f32_s8_params *p, const float *input, float *output, float *hidden, float *cell,
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
