/* FULLY_CONNECTED with weights and a bias that are only known at run time: tg_fully_connected_s8 of them. */
#ifndef TG_FULLY_CONNECTED_RUN_TIME_S8_H
#define TG_FULLY_CONNECTED_RUN_TIME_S8_H

#include "tg_fully_connected_s8.h"

#define tg_fully_connected_run_time_s8 TG_NAME(tg_fully_connected_run_time_s8)

typedef struct {
    tg_fully_connected_s8_params dense; /* its `weights` and `bias` are null, its `weights_stride` is the depth */
    int32_t input_zero_point;
} tg_fully_connected_run_time_s8_params;

/* input: [batches][depth], weights: [outputs][depth], bias: [outputs], output: [batches][outputs], all without gaps.
   scratch: outputs int32_t. */
void tg_fully_connected_run_time_s8(const tg_fully_connected_run_time_s8_params *params, const int8_t *input,
                                    const int8_t *weights, const int32_t *bias, int8_t *output, void *scratch);

#endif
