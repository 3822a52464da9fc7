/* CONV_2D: output[r][x][f] = clamp(sum of input * weights + bias[f]), float; summed up in the order of the taps.
   DEPTHWISE_CONV_2D is the same with as many groups as channels. */
#ifndef TG_CONV_2D_F32_H
#define TG_CONV_2D_F32_H

#include "tg_span.h"

#define tg_conv_2d_f32 TG_NAME(tg_conv_2d_f32)

typedef struct {
    tg_ring input;  /* rows of [input_w][input_c] */
    tg_ring output; /* rows of [output_w][output_c] */
    tg_window window;
    int32_t input_c;
    int32_t output_c;
    int32_t groups;
    int32_t filter_step; /* elements of `weights` from one filter to the next */
    int32_t tap_step;    /* and from one tap of the window to the next; channels are neighbours */
    float output_min;
    float output_max;
} tg_conv_2d_f32_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. bias: [output_c]. */
void tg_conv_2d_f32(const tg_conv_2d_f32_params *params, const float *input, const float *weights, const float *bias,
                    float *output, int32_t first, int32_t count);

#endif
