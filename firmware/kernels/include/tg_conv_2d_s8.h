/* CONV_2D: output[r][x][f] = clamp(zero point + requantized sum of input * weights + bias[f]), int8. */
#ifndef TG_CONV_2D_S8_H
#define TG_CONV_2D_S8_H

#include "tg_common.h"

#define tg_conv_2d_s8 TG_NAME(tg_conv_2d_s8)

typedef struct {
    const int8_t *weights;     /* filter f begins at f * filter_stride: [kernel_h][kernel_w][input_c / groups] */
    const int32_t *bias;       /* [output_c], with -input_zero_point * sum(weights) folded in */
    const tg_requant *requant; /* [output_c], or one entry */
    int32_t requant_step;      /* 1 per channel, 0 when one entry serves all */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][output_c] */
    tg_window window;
    int32_t input_c;
    int32_t output_c;
    int32_t groups;
    int32_t filter_stride; /* bytes from one filter to the next; what exceeds a filter is zero */
    int32_t input_zero_point;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_conv_2d_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 2 * filter_stride bytes for scalar, 4 * filter_stride, aligned to 4, for dsp and mve. */
void tg_conv_2d_s8(const tg_conv_2d_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                   int32_t count, void *scratch);

#endif
