/* FULLY_CONNECTED with weights and a bias that are only known at run time: output[b][o] = clamp(output zero point +
   requantized sum of (input[b][i] - input zero point) * (weights[o][i] - weights zero point) + bias[o]), int8. */
#ifndef TG_FULLY_CONNECTED_RUN_TIME_S8_H
#define TG_FULLY_CONNECTED_RUN_TIME_S8_H

#include "tg_common.h"

#define tg_fully_connected_run_time_s8 TG_NAME(tg_fully_connected_run_time_s8)

typedef struct {
    tg_requant requant;
    int32_t batches;
    int32_t depth;
    int32_t outputs;
    int32_t input_zero_point;
    int32_t weights_zero_point;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_fully_connected_run_time_s8_params;

/* input: [batches][depth], weights: [outputs][depth], bias: [outputs], output: [batches][outputs], all without gaps. */
void tg_fully_connected_run_time_s8(const tg_fully_connected_run_time_s8_params *params, const int8_t *input,
                                    const int8_t *weights, const int32_t *bias, int8_t *output);

#endif
