/* FULLY_CONNECTED with weights and a bias that are only known at run time: tg_fully_connected_s16 of them. */
#ifndef TG_FULLY_CONNECTED_RUN_TIME_S16_H
#define TG_FULLY_CONNECTED_RUN_TIME_S16_H

#include "tg_fully_connected_s16.h"

#define tg_fully_connected_run_time_s16 TG_NAME(tg_fully_connected_run_time_s16)

/* `weights` and `bias` are null. */
typedef tg_fully_connected_s16_params tg_fully_connected_run_time_s16_params;

/* input: [batches][depth], weights: [outputs][depth], bias: [outputs], output: [batches][outputs], all without gaps. */
void tg_fully_connected_run_time_s16(const tg_fully_connected_run_time_s16_params *params, const int16_t *input,
                                     const int8_t *weights, const int64_t *bias, int16_t *output);

#endif
