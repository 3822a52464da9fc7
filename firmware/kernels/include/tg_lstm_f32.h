/* LSTM over a sequence, float: gate = bias + input . weights + hidden . weights + peephole * cell;
   cell = sigmoid(forget) * cell + sigmoid(input) * tanh(cell gate); hidden = projection . (sigmoid(output) *
   tanh(cell)). With layer normalization a gate's sums get mean 0 and variance 1, are multiplied by coefficients, and
   get their bias. */
#ifndef TG_LSTM_F32_H
#define TG_LSTM_F32_H

#include "tg_lstm_real.h"

#define tg_lstm_f32 TG_NAME(tg_lstm_f32)

typedef struct {
    const float *input_weights;     /* [units][depth] */
    const float *recurrent_weights; /* [units][outputs] */
    const float *bias;              /* [units] */
    const float *peephole;          /* [units], or none */
    const float *norm;              /* [units]: the coefficients, or none */
} tg_lstm_gate_f32;

typedef struct {
    tg_lstm_sequence sequence;
    tg_lstm_way way;
    tg_lstm_gate_f32 input_gate;
    tg_lstm_gate_f32 forget_gate;
    tg_lstm_gate_f32 cell_gate;
    tg_lstm_gate_f32 output_gate;
    int32_t is_coupled;           /* 1: there is no input gate but 1 - forget gate */
    const float *projection;      /* [outputs][units], or none: outputs == units */
    const float *projection_bias; /* [outputs], or none */
    float cell_clip;              /* the largest magnitude of a cell; 0 for no limit */
    float projection_clip;
} tg_lstm_f32_params;

/* input: vectors of depth; output: vectors of outputs, in the same order; hidden: [batches][outputs] and
   cell: [batches][units], brought up to date; scratch: 16 * units bytes, aligned to 4. */
void tg_lstm_f32(const tg_lstm_f32_params *params, const float *input, float *output, float *hidden, float *cell,
                 void *scratch);

#endif
