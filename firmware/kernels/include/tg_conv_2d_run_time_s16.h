/* CONV_2D or DEPTHWISE_CONV_2D with weights and a bias that are only known at run time: tg_conv_2d_s16 of them. */
#ifndef TG_CONV_2D_RUN_TIME_S16_H
#define TG_CONV_2D_RUN_TIME_S16_H

#include "tg_conv_2d_s16.h"

#define tg_conv_2d_run_time_s16 TG_NAME(tg_conv_2d_run_time_s16)

typedef struct {
    tg_conv_2d_s16_params conv; /* its `weights` and `bias` are null */
    int32_t is_depthwise;       /* 1: weights are [kernel_h][kernel_w][output_c]; 0: as tg_conv_2d_s16 takes them */
} tg_conv_2d_run_time_s16_params;

/* bias: [output_c]. scratch: tg_conv_2d_s16's, and the bytes of the weights of DEPTHWISE_CONV_2D. */
void tg_conv_2d_run_time_s16(const tg_conv_2d_run_time_s16_params *params, const int16_t *input, const int8_t *weights,
                             const int64_t *bias, int16_t *output, int32_t first, int32_t count, void *scratch);

#endif
