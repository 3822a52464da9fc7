/* TRANSPOSE_CONV: output[r][x][f] = clamp(requantized sum of input * weights + bias[f]), int16 with int8 weights,
   where the sum is over all inputs whose window, moved by the stride, covers the output. */
#ifndef TG_TRANSPOSE_CONV_S16_H
#define TG_TRANSPOSE_CONV_S16_H

#include "tg_span.h"
#include "tg_wide.h"

#define tg_transpose_conv_s16 TG_NAME(tg_transpose_conv_s16)

typedef struct {
    const int8_t *weights;     /* [output_c][kernel_h][kernel_w][input_c] */
    const int64_t *bias;       /* [output_c] */
    const tg_requant *requant; /* [output_c], or one entry; for tg_wide_or_narrow_multiply */
    int32_t requant_step;      /* 1 per channel, 0 when one entry serves all */
    int32_t narrow;            /* 1: sums wrap to 32 bits, as TFLite's do when the bias has 32 bits; else 0 */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][output_c] */
    tg_window window;          /* its padding is the output's; its dilation is 1 */
    int32_t input_c;
    int32_t output_c;
    int32_t output_min;
    int32_t output_max;
} tg_transpose_conv_s16_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_transpose_conv_s16(const tg_transpose_conv_s16_params *params, const int16_t *input, int16_t *output,
                           int32_t first, int32_t count);

#endif
