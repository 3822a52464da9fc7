/* FULLY_CONNECTED: output[b][o] = clamp(sum of input[b][i] * weights[o][i] + bias[o]), float; summed up in order. */
#ifndef TG_FULLY_CONNECTED_F32_H
#define TG_FULLY_CONNECTED_F32_H

#include "tg_span.h"

#define tg_fully_connected_f32 TG_NAME(tg_fully_connected_f32)

typedef struct {
    int32_t batches;
    int32_t depth;
    int32_t outputs;
    float output_min;
    float output_max;
} tg_fully_connected_f32_params;

/* input: [batches][depth], weights: [outputs][depth], bias: [outputs], output: [batches][outputs], without gaps. */
void tg_fully_connected_f32(const tg_fully_connected_f32_params *params, const float *input, const float *weights,
                            const float *bias, float *output);

#endif
