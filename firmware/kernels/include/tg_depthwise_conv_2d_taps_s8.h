/* DEPTHWISE_CONV_2D with windows of any shape, one filter per channel, int8. */
#ifndef TG_DEPTHWISE_CONV_2D_TAPS_S8_H
#define TG_DEPTHWISE_CONV_2D_TAPS_S8_H

#include "tg_doubled.h"

#define tg_depthwise_conv_2d_taps_s8 TG_NAME(tg_depthwise_conv_2d_taps_s8)

typedef struct {
    /* For every four channels, the last four of which may overlap those before: their biases; for every two taps of
       the window their weights, the first tap's in the lower half; each one's multiplier and its shift, which is one
       less than that of a tg_doubled. Weights and biases are twice what the model has. A tap that makes their number
       even weighs 0. |bias + sum(input * weight)| < 2**31 for any input. */
    const int32_t *channels;
    tg_ring input;  /* rows of [input_w][input_c] */
    tg_ring output; /* rows of [output_w][input_c] */
    tg_window window;
    int32_t input_c; /* at least 4 */
    int32_t input_zero_point;
    int32_t rounding; /* 2 * output zero point + 1 */
} tg_depthwise_conv_2d_taps_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 4 bytes for each of an even number of taps, and input_c more, aligned to 4. */
void tg_depthwise_conv_2d_taps_s8(const tg_depthwise_conv_2d_taps_s8_params *params, const int8_t *input,
                                  int8_t *output, int32_t first, int32_t count, void *scratch);

#endif
