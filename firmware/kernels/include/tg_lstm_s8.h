/* LSTM over a sequence, int8: gate = requantized (bias + input . weights) + requantized (bias + hidden . weights),
   Q3.12; cell = sigmoid(forget) * cell + sigmoid(input) * tanh(cell gate), int16; hidden = sigmoid(output) *
   tanh(cell). */
#ifndef TG_LSTM_S8_H
#define TG_LSTM_S8_H

#include "tg_lstm.h"

#define tg_lstm_s8 TG_NAME(tg_lstm_s8)

typedef struct {
    const int8_t *input_weights;     /* [units][depth] */
    const int8_t *recurrent_weights; /* [units][outputs] */
    const int32_t *input_bias;       /* [units], less the input's zero point times the weights */
    const int32_t *recurrent_bias;   /* [units], less the hidden state's zero point times the weights */
    tg_requant input;                /* from the sums over the input to Q3.12 */
    tg_requant recurrent;
} tg_lstm_gate_s8;

typedef struct {
    tg_lstm_sequence sequence;
    tg_lstm_gate_s8 input_gate;
    tg_lstm_gate_s8 forget_gate;
    tg_lstm_gate_s8 cell_gate;
    tg_lstm_gate_s8 output_gate;
    tg_lstm_update cell_update;
} tg_lstm_s8_params;

/* input: vectors of depth; output: vectors of outputs, in the same order; hidden: [batches][outputs] and
   cell: [batches][units], brought up to date. */
void tg_lstm_s8(const tg_lstm_s8_params *params, const int8_t *input, int8_t *output, int8_t *hidden, int16_t *cell);

#endif
