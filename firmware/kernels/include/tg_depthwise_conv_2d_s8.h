/* DEPTHWISE_CONV_2D: channel c * multiplier + k of the output is made of channel c of the input alone, int8. */
#ifndef TG_DEPTHWISE_CONV_2D_S8_H
#define TG_DEPTHWISE_CONV_2D_S8_H

#include "tg_common.h"

#define tg_depthwise_conv_2d_s8 TG_NAME(tg_depthwise_conv_2d_s8)

typedef struct {
    const int8_t *weights;     /* [kernel_h][kernel_w][input_c * multiplier] */
    const int32_t *bias;       /* [input_c * multiplier], with -input_zero_point * sum(weights) folded in */
    const tg_requant *requant; /* [input_c * multiplier], or one entry */
    int32_t requant_step;      /* 1 per channel, 0 when one entry serves all */
    tg_ring input;             /* rows of [input_w][input_c] */
    tg_ring output;            /* rows of [output_w][input_c * multiplier] */
    tg_window window;
    int32_t input_c;
    int32_t multiplier; /* output channels per input channel */
    int32_t input_zero_point;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_depthwise_conv_2d_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch.
   scratch: 4 bytes per tap, aligned to 4; for dsp and mve also input_c bytes. */
void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *params, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count, void *scratch);

#endif
