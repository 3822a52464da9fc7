/* LSTM over a sequence of floats with int8 weights: as tg_lstm_f32, but vectors that weights are multiplied with are
   quantized to int8 first, whose sums are exact: gate = bias + scales * input . weights + scales * hidden . weights +
   peephole * cell. */
#ifndef TG_LSTM_F32_S8_H
#define TG_LSTM_F32_S8_H

#include "tg_hybrid.h"
#include "tg_lstm_real.h"

#define tg_lstm_f32_s8 TG_NAME(tg_lstm_f32_s8)

/* A matrix of int8, real = scale * stored. */
typedef struct {
    const int8_t *weights; /* [outputs][depth], or none */
    float scale;
} tg_lstm_matrix;

typedef struct {
    tg_lstm_matrix input;     /* [units][depth] */
    tg_lstm_matrix recurrent; /* [units][outputs] */
    const float *bias;        /* [units] */
    const float *peephole;    /* [units], or none */
    const float *norm;        /* [units]: the coefficients, or none */
} tg_lstm_gate_f32_s8;

typedef struct {
    tg_lstm_sequence sequence;
    tg_lstm_way way;
    tg_lstm_gate_f32_s8 input_gate;
    tg_lstm_gate_f32_s8 forget_gate;
    tg_lstm_gate_f32_s8 cell_gate;
    tg_lstm_gate_f32_s8 output_gate;
    int32_t is_coupled;           /* 1: there is no input gate but 1 - forget gate */
    int32_t symmetric;            /* 1: vectors are quantized with zero point 0 */
    tg_lstm_matrix projection;    /* [outputs][units], or none: outputs == units */
    const float *projection_bias; /* [outputs], or none */
    float cell_clip;              /* the largest magnitude of a cell; 0 for no limit */
    float projection_clip;
} tg_lstm_f32_s8_params;

/* input: vectors of depth; output: vectors of outputs, in the same order; hidden: [batches][outputs] and
   cell: [batches][units], brought up to date; scratch: 17 * units + depth + outputs bytes, aligned to 4. */
void tg_lstm_f32_s8(const tg_lstm_f32_s8_params *params, const float *input, float *output, float *hidden, float *cell,
                    void *scratch);

#endif
