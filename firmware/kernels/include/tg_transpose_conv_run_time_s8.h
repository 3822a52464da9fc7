/* TRANSPOSE_CONV with weights and a bias that are only known at run time: tg_transpose_conv_s8 of them. */
#ifndef TG_TRANSPOSE_CONV_RUN_TIME_S8_H
#define TG_TRANSPOSE_CONV_RUN_TIME_S8_H

#include "tg_transpose_conv_s8.h"

#define tg_transpose_conv_run_time_s8 TG_NAME(tg_transpose_conv_run_time_s8)

/* `weights` and `bias` are null. */
typedef tg_transpose_conv_s8_params tg_transpose_conv_run_time_s8_params;

/* weights: [output_c][kernel_h][kernel_w][input_c]. bias: [output_c]. */
void tg_transpose_conv_run_time_s8(const tg_transpose_conv_run_time_s8_params *params, const int8_t *input,
                                   const int8_t *weights, const int32_t *bias, int8_t *output, int32_t first,
                                   int32_t count);

#endif
