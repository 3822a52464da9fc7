/* What the pooling kernels take: a window over each channel, whose taps outside the image do not count. */
#ifndef TG_POOL_2D_S8_H
#define TG_POOL_2D_S8_H

#include "tg_common.h"

typedef struct {
    tg_ring input;  /* rows of [input_w][channels] */
    tg_ring output; /* rows of [output_w][channels] */
    tg_window window;
    int32_t channels;
    int32_t output_min;
    int32_t output_max;
} tg_pool_2d_s8_params;

/* The taps [first, end) of a window's side that lie inside an image of `size`, for output position `at`. */
typedef struct {
    int32_t origin; /* where tap 0 lies; may be negative */
    int32_t first;
    int32_t end;
} tg_taps;

static inline tg_taps tg_taps_inside(int32_t at, int32_t stride, int32_t pad, int32_t kernel, int32_t size) {
    tg_taps taps;
    taps.origin = at * stride - pad;
    taps.first = taps.origin < 0 ? -taps.origin : 0;
    taps.end = taps.origin + kernel > size ? size - taps.origin : kernel;
    return taps;
}

#endif
