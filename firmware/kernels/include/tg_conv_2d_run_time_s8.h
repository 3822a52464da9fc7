/* CONV_2D with weights and a bias that are only known at run time: tg_conv_2d_s8, which gets them as it wants them. */
#ifndef TG_CONV_2D_RUN_TIME_S8_H
#define TG_CONV_2D_RUN_TIME_S8_H

#include "tg_conv_2d_s8.h"

#define tg_conv_2d_run_time_s8 TG_NAME(tg_conv_2d_run_time_s8)

/* `weights` and `bias` are null. */
typedef tg_conv_2d_s8_params tg_conv_2d_run_time_s8_params;

/* weights: [output_c][kernel_h][kernel_w][input_c / groups], without gaps. bias: [output_c].
   scratch: output_c int32_t, output_c * filter_stride bytes if that is more than a filter, and tg_conv_2d_s8's. */
void tg_conv_2d_run_time_s8(const tg_conv_2d_run_time_s8_params *params, const int8_t *input, const int8_t *weights,
                            const int32_t *bias, int8_t *output, int32_t first, int32_t count, void *scratch);

#endif
