/* CONV_3D: output[n][z][y][x][f] = clamp(sum of input * weights + bias[f]), float; summed up in the order of the taps.
 */
#ifndef TG_CONV_3D_F32_H
#define TG_CONV_3D_F32_H

#include "tg_conv_3d.h"

#define tg_conv_3d_f32 TG_NAME(tg_conv_3d_f32)

typedef tg_conv_3d tg_conv_3d_f32_params;

/* input: [batches][input_sizes][input_c]; weights: [kernel][input_c][output_c]; bias: [output_c]. */
void tg_conv_3d_f32(const tg_conv_3d_f32_params *params, const float *input, const float *weights, const float *bias,
                    float *output);

#endif
