/* FULLY_CONNECTED of floats with small integer weights, of which each block along a row has a scale of its own.
   output[b][o] = clamp(bias[o] + row scale * sum over blocks k of scales[o][k] * sum of (stored - zero point) *
   weight), where every row of the input is quantized to int8 first. */
#ifndef TG_FULLY_CONNECTED_BLOCKWISE_F32_S8_H
#define TG_FULLY_CONNECTED_BLOCKWISE_F32_S8_H

#include "tg_hybrid.h"
#include "tg_span.h"

#define tg_fully_connected_blockwise_f32_s8 TG_NAME(tg_fully_connected_blockwise_f32_s8)

typedef struct {
    const int8_t *weights; /* [outputs][depth] */
    const float *bias;     /* [outputs] */
    const float *scales;   /* [outputs][depth / block] */
    int32_t block;         /* weights that share a scale; divides depth */
    int32_t symmetric;     /* 1: rows have zero point 0 */
    int32_t batches;
    int32_t depth;
    int32_t outputs;
    float output_min;
    float output_max;
} tg_fully_connected_blockwise_f32_s8_params;

/* input: [batches][depth], output: [batches][outputs], both without gaps. scratch: depth bytes. */
void tg_fully_connected_blockwise_f32_s8(const tg_fully_connected_blockwise_f32_s8_params *params, const float *input,
                                         float *output, void *scratch);

#endif
