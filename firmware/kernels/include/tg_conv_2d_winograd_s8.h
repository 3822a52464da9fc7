/* CONV_2D with 3x3 filters at stride 1 by Winograd's F(2x2, 3x3), in exact integers: 16 products for 4 outputs.

   For each channel of a tile of 4x4 inputs d and a filter g, V = B d B', U = (2G) g (2G)', M = sum over channels of
   U * V, element by element; then A M A' is 4 times the 2x2 sums, where
     B = 1  0 -1  0    2G = 2  0  0    A = 1  1  1  0
         0  1  1  0         1  1  1        0  1 -1 -1
         0 -1  1  0         1 -1  1
         0  1  0 -1         0  0  2
   |V| <= 2**9, |U| <= 9 * 2**7. M may wrap: the sums that it ends in do not. */
#ifndef TG_CONV_2D_WINOGRAD_S8_H
#define TG_CONV_2D_WINOGRAD_S8_H

#include "tg_common.h"

#define tg_conv_2d_winograd_s8 TG_NAME(tg_conv_2d_winograd_s8)

typedef struct {
    const int16_t *weights; /* U: [filters / 4][16][input_c / 4][2][4][2], channels as SXTB16 pairs them: 0, 2, 1, 3 */
    const int32_t *bias;    /* [filters], with -input_zero_point * sum(g) folded in; |bias + sum| < 2**29 */
    const tg_requant *requant; /* [filters], or one entry; shifts 0 .. 21 to the right, see tg_filter_blocks.h */
    int32_t requant_step;      /* 1 per filter, 0 when one entry serves all */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][filters] */
    tg_window window;
    int32_t input_c; /* a multiple of 16 */
    int32_t filters; /* a multiple of 4 */
    int32_t input_zero_point;
    int32_t rounding;  /* 2 * output zero point + 1 */
    int32_t is_staged; /* 1: weights, bias and requant are copied into the scratch before they are used */
} tg_conv_2d_winograd_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 65 * input_c + 512 bytes, aligned to 4, and behind them room for what is staged. */
void tg_conv_2d_winograd_s8(const tg_conv_2d_winograd_s8_params *params, const int8_t *input, int8_t *output,
                            int32_t first, int32_t count, void *scratch);

#endif
