/* TRANSPOSE_CONV with weights and a bias that are only known at run time: tg_transpose_conv_s16 of them. */
#ifndef TG_TRANSPOSE_CONV_RUN_TIME_S16_H
#define TG_TRANSPOSE_CONV_RUN_TIME_S16_H

#include "tg_transpose_conv_s16.h"

#define tg_transpose_conv_run_time_s16 TG_NAME(tg_transpose_conv_run_time_s16)

/* `weights` and `bias` are null. */
typedef tg_transpose_conv_s16_params tg_transpose_conv_run_time_s16_params;

/* weights: [output_c][kernel_h][kernel_w][input_c]. bias: [output_c]. */
void tg_transpose_conv_run_time_s16(const tg_transpose_conv_run_time_s16_params *params, const int16_t *input,
                                    const int8_t *weights, const int64_t *bias, int16_t *output, int32_t first,
                                    int32_t count);

#endif
