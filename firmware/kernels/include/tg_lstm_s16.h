/* LSTM over a sequence, int16 with int8 weights: gate = rescaled (bias + input . weights) + rescaled (hidden .
   weights), Q3.12; cell = sigmoid(forget) * cell + sigmoid(input) * tanh(cell gate); hidden = sigmoid(output) *
   tanh(cell). */
#ifndef TG_LSTM_S16_H
#define TG_LSTM_S16_H

#include "tg_lstm.h"
#include "tg_wide.h"

#define tg_lstm_s16 TG_NAME(tg_lstm_s16)

typedef struct {
    const int8_t *input_weights;     /* [units][depth] */
    const int8_t *recurrent_weights; /* [units][outputs] */
    const int64_t *input_bias;       /* [units] */
    tg_requant input;                /* from the sums over the input to Q3.12; the multiplier is Q0.15 */
    tg_requant recurrent;
} tg_lstm_gate_s16;

typedef struct {
    tg_lstm_sequence sequence;
    tg_lstm_gate_s16 input_gate;
    tg_lstm_gate_s16 forget_gate;
    tg_lstm_gate_s16 cell_gate;
    tg_lstm_gate_s16 output_gate;
    tg_lstm_update cell_update;
} tg_lstm_s16_params;

/* input: vectors of depth; output: vectors of outputs, in the same order; hidden: [batches][outputs] and
   cell: [batches][units], brought up to date. */
void tg_lstm_s16(const tg_lstm_s16_params *params, const int16_t *input, int16_t *output, int16_t *hidden,
                 int16_t *cell);

#endif
