/* CONV_2D with filters in quads, of one group. */
#ifndef TG_CONV_2D_QUADS_S8_H
#define TG_CONV_2D_QUADS_S8_H

#include "tg_filter_quads.h"

#define tg_conv_2d_quads_s8 TG_NAME(tg_conv_2d_quads_s8)

typedef struct {
    tg_filter_quads filters; /* taps: [kernel_h][kernel_w][input_c] */
    tg_ring input;           /* rows of [input_w][input_c] */
    tg_ring output;          /* rows of [output_w][filters.count] */
    tg_window window;
    int32_t input_c;
    int32_t input_zero_point;
} tg_conv_2d_quads_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 40 bytes per quad, aligned to 4; 8 more where input_c is not a multiple of 4. */
void tg_conv_2d_quads_s8(const tg_conv_2d_quads_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                         int32_t count, void *scratch);

#endif
