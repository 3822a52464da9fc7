/* Windows over up to six dimensions: where the elements of one lie. */
#ifndef TG_WINDOWS_H
#define TG_WINDOWS_H

#include "tg_reduce.h"

/* Dimensions, outer first; 1 where there are fewer. */
typedef struct {
    int32_t sizes[6];
    int32_t strides[6]; /* elements from one to the next in the input */
} tg_span_nd;

typedef struct {
    tg_span_nd outputs; /* from one window to the next */
    tg_span_nd window;  /* from one element of a window to the next */
    int32_t elements;   /* of the output */
    int32_t window_elements;
    int32_t operation; /* TG_REDUCE_... */
} tg_windows;

/* The place of element i, counted in the order of memory. */
static inline int32_t tg_place(const tg_span_nd *span, int32_t i) {
    int32_t place = 0;
    for (int axis = 5; axis >= 0; axis--) {
        place += i % span->sizes[axis] * span->strides[axis];
        i /= span->sizes[axis];
    }
    return place;
}

#endif
