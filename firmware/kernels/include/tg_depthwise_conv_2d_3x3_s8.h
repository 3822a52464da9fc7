/* DEPTHWISE_CONV_2D with windows of 3 x 3 at strides of 1 or 2 in both directions, one filter per channel, int8. */
#ifndef TG_DEPTHWISE_CONV_2D_3X3_S8_H
#define TG_DEPTHWISE_CONV_2D_3X3_S8_H

#include "tg_doubled.h"

#define tg_depthwise_conv_2d_3x3_s8 TG_NAME(tg_depthwise_conv_2d_3x3_s8)

/* A channel's words. Of each column of the window, from the top, the weights 0 and 1 are a word, the first in the upper
   half; they and the bias are twice what the model has. The weights 2 are as in the model, a byte each, from the lower
   byte but one of the first word on. Its lowest one is the shift, one less than that of a tg_doubled. */
enum { TG_SHIFT_3X3, TG_BIAS_3X3, TG_WEIGHTS_3X3, TG_MULTIPLIER_3X3 = TG_WEIGHTS_3X3 + 3, TG_CHANNEL_3X3 };

typedef struct {
    const int32_t *channels; /* [input_c][TG_CHANNEL_3X3]; |bias + sum(input * weight)| < 2**31 for any input */
    tg_ring input;           /* rows of [input_w][input_c] */
    tg_ring output;          /* rows of [output_w][input_c] */
    tg_window window;        /* no column of it is outside the image altogether */
    int32_t input_c;         /* at least 4 */
    int32_t input_zero_point;
    int32_t rounding;  /* 2 * output zero point + 1 */
    int32_t strip;     /* output columns at a time, such that no single one is left over */
    int32_t is_staged; /* 1: the words of four channels are copied into the scratch before they are used */
} tg_depthwise_conv_2d_3x3_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: for every column under a strip of output columns 32 bytes, with stride 2 48, aligned to 4, and behind them
   96 if they are staged. */
void tg_depthwise_conv_2d_3x3_s8(const tg_depthwise_conv_2d_3x3_s8_params *params, const int8_t *input, int8_t *output,
                                 int32_t first, int32_t count, void *scratch);

/* Weight 2 of a column of a channel's window, twice what the model has. */
static inline int32_t tg_weight_2_3x3(const int32_t *channel, int32_t column) {
    return 2 * (int8_t)(uint8_t)((uint32_t)channel[TG_SHIFT_3X3] >> (8 * column + 8));
}

static inline tg_doubled tg_doubled_3x3(const int32_t *channel, int32_t rounding) {
    return tg_doubled_by(channel[TG_MULTIPLIER_3X3], channel[TG_SHIFT_3X3] & 0xff, rounding);
}

#endif
