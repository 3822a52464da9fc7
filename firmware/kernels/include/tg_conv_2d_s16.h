/* CONV_2D: output[r][x][f] = clamp(requantized sum of input * weights + bias[f]), int16 with int8 weights.
   DEPTHWISE_CONV_2D is the same with as many groups as channels. */
#ifndef TG_CONV_2D_S16_H
#define TG_CONV_2D_S16_H

#include "tg_wide.h"

#define tg_conv_2d_s16 TG_NAME(tg_conv_2d_s16)

typedef struct {
    const int8_t *weights;     /* [output_c][kernel_h][kernel_w][input_c / groups] */
    const int64_t *bias;       /* [output_c] */
    const tg_requant *requant; /* [output_c], or one entry; for tg_wide_multiply, or for tg_multiply if narrow */
    int32_t requant_step;      /* 1 per channel, 0 when one entry serves all */
    int32_t narrow;            /* 1: sums wrap to 32 bits, as TFLite's do when the bias has 32 bits; else 0 */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][output_c] */
    tg_window window;
    int32_t input_c;
    int32_t output_c;
    int32_t groups;
    int32_t output_min;
    int32_t output_max;
} tg_conv_2d_s16_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: kernel_h * kernel_w * input_c / groups int16_t. */
void tg_conv_2d_s16(const tg_conv_2d_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                    int32_t count, void *scratch);

#endif
