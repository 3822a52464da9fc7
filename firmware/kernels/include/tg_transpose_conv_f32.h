/* TRANSPOSE_CONV: output[r][x][f] = clamp(sum of input * weights + bias[f]), float, summed up in the order of the
   inputs, where the sum is over all inputs whose window, moved by the stride, covers the output. */
#ifndef TG_TRANSPOSE_CONV_F32_H
#define TG_TRANSPOSE_CONV_F32_H

#include "tg_span.h"

#define tg_transpose_conv_f32 TG_NAME(tg_transpose_conv_f32)

typedef struct {
    tg_ring input;    /* rows of [input_w][input_c] */
    tg_ring output;   /* rows of [output_w][output_c] */
    tg_window window; /* its padding is the output's; its dilation is 1 */
    int32_t input_c;
    int32_t output_c;
    float output_min;
    float output_max;
} tg_transpose_conv_f32_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. weights:
 * [output_c][kernel_h][kernel_w][input_c], bias: [output_c]. */
void tg_transpose_conv_f32(const tg_transpose_conv_f32_params *params, const float *input, const float *weights,
                           const float *bias, float *output, int32_t first, int32_t count);

#endif
