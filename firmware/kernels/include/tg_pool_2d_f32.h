/* What the pooling kernels of floats take: a window over each channel, whose taps outside the image do not count. */
#ifndef TG_POOL_2D_F32_H
#define TG_POOL_2D_F32_H

#include "tg_pool_2d_s8.h"
#include "tg_span.h"

typedef struct {
    tg_ring input;  /* rows of [input_w][channels] */
    tg_ring output; /* rows of [output_w][channels] */
    tg_window window;
    int32_t channels;
    float output_min;
    float output_max;
} tg_pool_2d_f32_params;

#endif
