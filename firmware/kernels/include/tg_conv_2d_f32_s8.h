/* CONV_2D of floats with int8 weights: every image of the batch is quantized to int8 first, sums are exact integers.
   output[r][x][f] = clamp(image scale * weights scale[f] * sum of (stored - zero point) * weights + bias[f]).
   DEPTHWISE_CONV_2D is the same with as many groups as channels. */
#ifndef TG_CONV_2D_F32_S8_H
#define TG_CONV_2D_F32_S8_H

#include "tg_hybrid.h"
#include "tg_span.h"

#define tg_conv_2d_f32_s8 TG_NAME(tg_conv_2d_f32_s8)

typedef struct {
    const int8_t *weights; /* [output_c][kernel_h][kernel_w][input_c / groups] */
    const float *bias;     /* [output_c] */
    const float *scale;    /* of the weights: [output_c], or one entry */
    int32_t scale_step;    /* 1 per channel, 0 when one entry serves all */
    int32_t symmetric;     /* 1: images have zero point 0 */
    int32_t images;
    tg_window window;
    int32_t input_c;
    int32_t output_c;
    int32_t groups;
    float output_min;
    float output_max;
} tg_conv_2d_f32_s8_params;

/* input: [images][input_h][input_w][input_c], output: [images][output_h][output_w][output_c], both without gaps.
   scratch: input_h * input_w * input_c bytes. */
void tg_conv_2d_f32_s8(const tg_conv_2d_f32_s8_params *params, const float *input, float *output, void *scratch);

#endif
