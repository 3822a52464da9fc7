/* What CONV_3D and CONV_3D_TRANSPOSE share: a window of weights over a volume. */
#ifndef TG_CONV_3D_H
#define TG_CONV_3D_H

#include "tg_span.h"

/* Sizes are depth, height and width. */
typedef struct {
    int32_t sizes[3]; /* of the output */
    int32_t input_sizes[3];
    int32_t kernel[3];
    int32_t strides[3];
    int32_t dilations[3];
    int32_t pads[3]; /* before the first element */
    int32_t batches;
    int32_t input_c;
    int32_t output_c;
    float output_min;
    float output_max;
} tg_conv_3d;

static inline int32_t tg_pixels_3d(const int32_t sizes[3]) {
    return sizes[0] * sizes[1] * sizes[2];
}

/* Pixel i by its places along each dimension; batches count on. */
static inline void tg_places_3d(int32_t i, const int32_t sizes[3], int32_t places[3]) {
    places[2] = i % sizes[2];
    places[1] = i / sizes[2] % sizes[1];
    places[0] = i / sizes[2] / sizes[1] % sizes[0];
}

/* Where the first tap lies of window i, of as many as `windows` has pixels; it may be outside. */
static inline void tg_first_tap_3d(const tg_conv_3d *p, int32_t i, const int32_t windows[3], int32_t first[3]) {
    tg_places_3d(i, windows, first);
    for (int axis = 0; axis < 3; axis++) {
        first[axis] = first[axis] * p->strides[axis] - p->pads[axis];
    }
}

/* The pixel of a volume under a tap, or -1 outside. */
static inline int32_t tg_under_tap_3d(const tg_conv_3d *p, int32_t tap, const int32_t first[3],
                                      const int32_t volume[3]) {
    int32_t at[3], pixel = 0, inside = 1;
    tg_places_3d(tap, p->kernel, at);
    for (int axis = 0; axis < 3; axis++) {
        const int32_t x = first[axis] + at[axis] * p->dilations[axis];
        inside &= x >= 0 && x < volume[axis];
        pixel = pixel * volume[axis] + x;
    }
    return inside ? pixel : -1;
}

#endif
