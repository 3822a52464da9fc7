/* CONV_2D with filters in blocks of four, where dilation is 1 across and there is one group. */
#ifndef TG_CONV_2D_BLOCKS_S8_H
#define TG_CONV_2D_BLOCKS_S8_H

#include "tg_filter_blocks.h"

#define tg_conv_2d_blocks_s8 TG_NAME(tg_conv_2d_blocks_s8)

typedef struct {
    tg_filter_blocks filters; /* a patch: [kernel_h] rows of [kernel_w][input_c], each of a multiple of 4 bytes */
    tg_ring input;            /* rows of [input_w][input_c] */
    tg_ring output;           /* rows of [output_w][filters] */
    tg_window window;
    int32_t input_c;
    int16_t input_zero_point;
    int16_t is_staged; /* 1: the filters are copied into the scratch before they are used, to spare slow flash */
} tg_conv_2d_blocks_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 4 * filters.depth bytes, aligned to 4, and behind them room for the filters' arrays if they are staged. */
void tg_conv_2d_blocks_s8(const tg_conv_2d_blocks_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count, void *scratch);

#endif
