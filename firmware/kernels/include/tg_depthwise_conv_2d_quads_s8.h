/* DEPTHWISE_CONV_2D with one filter per channel, of which four are taken at a time, int8. */
#ifndef TG_DEPTHWISE_CONV_2D_QUADS_S8_H
#define TG_DEPTHWISE_CONV_2D_QUADS_S8_H

#include "tg_halves.h"

#define tg_depthwise_conv_2d_quads_s8 TG_NAME(tg_depthwise_conv_2d_quads_s8)

/* A channel's words: the bias, where |bias + sum(input * weight)| < 2**29 for any input; what tg_halves_store takes. */
enum { TG_DEPTHWISE_BIAS, TG_DEPTHWISE_REQUANT, TG_DEPTHWISE_CHANNEL = TG_DEPTHWISE_REQUANT + 3 };

typedef struct {
    const int8_t *weights;   /* for every four channels, the last four of which may overlap those before, [taps][4] */
    const int32_t *channels; /* [input_c][TG_DEPTHWISE_CHANNEL] */
    tg_ring input;           /* rows of [input_w][input_c] */
    tg_ring output;          /* rows of [output_w][input_c] */
    tg_window window;
    int32_t input_c; /* at least 4 */
    int32_t input_zero_point;
} tg_depthwise_conv_2d_quads_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: a pointer per tap, aligned to it, and input_c bytes. */
void tg_depthwise_conv_2d_quads_s8(const tg_depthwise_conv_2d_quads_s8_params *params, const int8_t *input,
                                   int8_t *output, int32_t first, int32_t count, void *scratch);

#endif
