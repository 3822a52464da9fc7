/* A recurrent layer over a sequence, float: hidden = activation(bias + input . weights + hidden . recurrent weights),
   put out for every time. */
#ifndef TG_RNN_F32_H
#define TG_RNN_F32_H

#include "tg_common.h"

#define tg_rnn_f32 TG_NAME(tg_rnn_f32)

typedef struct {
    const float *weights;           /* [units][depth] */
    const float *recurrent_weights; /* [units][units] */
    const float *bias;              /* [units] */
    int32_t batches;
    int32_t times;
    int32_t depth;
    int32_t units;
    int32_t first;         /* the vector of the first time that is computed */
    int32_t batch_step;    /* vectors from one batch to the next */
    int32_t time_step;     /* and from one time to the next */
    int32_t output_units;  /* of a vector of the output */
    int32_t output_offset; /* where in it this layer's units begin */
    int32_t is_tanh;
    float output_min; /* what the activation lets through, if it is not tanh */
    float output_max;
} tg_rnn_f32_params;

/* input: vectors of depth; output: vectors of output_units in the same order; hidden: [batches][units], brought up to
 * date. */
void tg_rnn_f32(const tg_rnn_f32_params *params, const float *input, float *output, float *hidden);

#endif
