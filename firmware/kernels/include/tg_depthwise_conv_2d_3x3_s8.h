/* DEPTHWISE_CONV_2D with windows of 3 x 3 at strides of 1 or 2 to the right, one filter per channel, int8. */
#ifndef TG_DEPTHWISE_CONV_2D_3X3_S8_H
#define TG_DEPTHWISE_CONV_2D_3X3_S8_H

#include "tg_doubled.h"

#define tg_depthwise_conv_2d_3x3_s8 TG_NAME(tg_depthwise_conv_2d_3x3_s8)

/* A channel's words: for each row of the window its weights 0 and 1, then 1 and 2, the first in the lower half; then
   the bias and the members of a tg_doubled. Weights and bias are twice what the model has. */
enum { TG_BIAS_3X3 = 6, TG_MULTIPLIER_3X3, TG_ADDEND_3X3, TG_SHIFT_3X3, TG_CHANNEL_3X3 };

typedef struct {
    const int32_t *channels; /* [input_c][TG_CHANNEL_3X3]; |bias + sum(input * weight)| < 2**31 for any input */
    tg_ring input;           /* rows of [input_w][input_c] */
    tg_ring output;          /* rows of [output_w][input_c] */
    tg_window window;
    int32_t input_c; /* at least 4 */
    int32_t input_zero_point;
    int32_t strip;     /* output columns at a time: even unless it is all, and such that no single one is left over */
    int32_t is_staged; /* 1: the words of four channels are copied into the scratch before they are used */
} tg_depthwise_conv_2d_3x3_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 48 bytes for every two columns under a strip of an even number of output columns, aligned to 4, and behind
   them 160 if they are staged. */
void tg_depthwise_conv_2d_3x3_s8(const tg_depthwise_conv_2d_3x3_s8_params *params, const int8_t *input, int8_t *output,
                                 int32_t first, int32_t count, void *scratch);

#endif
