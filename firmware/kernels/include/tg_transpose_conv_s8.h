/* TRANSPOSE_CONV: output[r][x][f] = clamp(zero point + requantized sum of (input - zero point) * weights + bias[f]),
   int8, where the sum is over all inputs whose window, moved by the stride, covers the output. */
#ifndef TG_TRANSPOSE_CONV_S8_H
#define TG_TRANSPOSE_CONV_S8_H

#include "tg_span.h"

#define tg_transpose_conv_s8 TG_NAME(tg_transpose_conv_s8)

typedef struct {
    const int8_t *weights;     /* [output_c][kernel_h][kernel_w][input_c] */
    const int32_t *bias;       /* [output_c] */
    const tg_requant *requant; /* [output_c], or one entry */
    int32_t requant_step;      /* 1 per channel, 0 when one entry serves all */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][output_c] */
    tg_window window;          /* its padding is the output's; its dilation is 1 */
    int32_t input_c;
    int32_t output_c;
    int32_t input_zero_point;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_transpose_conv_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_transpose_conv_s8(const tg_transpose_conv_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count);

#endif
