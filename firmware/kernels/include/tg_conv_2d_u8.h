/* CONV_2D of models that were quantized to uint8, whose weights have a zero point; every byte is held with its top bit
   flipped, which makes it an int8 on the same scale, with the zero point less 128.
   output[r][x][f] = clamp(zero point + requantized sum of (input - zero point) * (weights - zero point) + bias[f]).
   DEPTHWISE_CONV_2D is the same with as many groups as channels. */
#ifndef TG_CONV_2D_U8_H
#define TG_CONV_2D_U8_H

#include "tg_common.h"

#define tg_conv_2d_u8 TG_NAME(tg_conv_2d_u8)

typedef struct {
    const int8_t *weights;     /* [output_c][kernel_h][kernel_w][input_c / groups] */
    const int32_t *bias;       /* [output_c], with -input_zero_point * sum(weights - zero point) folded in */
    const tg_requant *requant; /* [output_c], or one entry */
    int32_t requant_step;      /* 1 per channel, 0 when one entry serves all */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][output_c] */
    tg_window window;
    int32_t input_c;
    int32_t output_c;
    int32_t groups;
    int32_t input_zero_point;
    int32_t weights_zero_point;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_conv_2d_u8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: kernel_h * kernel_w * input_c / groups bytes. */
void tg_conv_2d_u8(const tg_conv_2d_u8_params *params, const int8_t *input, int8_t *output, int32_t first,
                   int32_t count, void *scratch);

#endif
