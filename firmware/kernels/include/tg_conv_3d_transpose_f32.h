/* CONV_3D_TRANSPOSE: every input element times every weight of its channel is added to the output, then bias and clamp;
 * float. */
#ifndef TG_CONV_3D_TRANSPOSE_F32_H
#define TG_CONV_3D_TRANSPOSE_F32_H

#include "tg_conv_3d.h"

#define tg_conv_3d_transpose_f32 TG_NAME(tg_conv_3d_transpose_f32)

typedef tg_conv_3d tg_conv_3d_transpose_f32_params;

/* input: [batches][input_sizes][input_c]; weights: [kernel][output_c][input_c]; bias: [output_c]. */
void tg_conv_3d_transpose_f32(const tg_conv_3d_transpose_f32_params *params, const float *input, const float *weights,
                              const float *bias, float *output);

#endif
