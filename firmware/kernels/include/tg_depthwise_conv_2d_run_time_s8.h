/* DEPTHWISE_CONV_2D with weights and a bias that are only known at run time: tg_depthwise_conv_2d_s8 of them. */
#ifndef TG_DEPTHWISE_CONV_2D_RUN_TIME_S8_H
#define TG_DEPTHWISE_CONV_2D_RUN_TIME_S8_H

#include "tg_depthwise_conv_2d_s8.h"

#define tg_depthwise_conv_2d_run_time_s8 TG_NAME(tg_depthwise_conv_2d_run_time_s8)

/* `weights` and `bias` are null. */
typedef tg_depthwise_conv_2d_s8_params tg_depthwise_conv_2d_run_time_s8_params;

/* weights: [kernel_h][kernel_w][input_c * multiplier]. bias: [input_c * multiplier].
   scratch: input_c * multiplier int32_t, and tg_depthwise_conv_2d_s8's. */
void tg_depthwise_conv_2d_run_time_s8(const tg_depthwise_conv_2d_run_time_s8_params *params, const int8_t *input,
                                      const int8_t *weights, const int32_t *bias, int8_t *output, int32_t first,
                                      int32_t count, void *scratch);

#endif
