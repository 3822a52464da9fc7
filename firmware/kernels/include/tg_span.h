/* Which inputs of a transposed window meet an output, and the clamp of float outputs. */
#ifndef TG_SPAN_H
#define TG_SPAN_H

#include "tg_common.h"

/* The input positions [first, end) that reach an output position through a transposed window, along one side. */
typedef struct {
    int32_t origin; /* input i reaches it with tap origin - i * stride */
    int32_t first;
    int32_t end;
} tg_span;

static inline tg_span tg_span_under(int32_t at, int32_t stride, int32_t pad, int32_t kernel, int32_t size) {
    tg_span span;
    span.origin = at + pad;
    span.first = span.origin < kernel ? 0 : (span.origin - kernel + stride) / stride;
    span.end = span.origin / stride + 1;
    span.end = span.end > size ? size : span.end;
    return span;
}

/* What is not a number stays so. */
static inline float tg_clamped(float x, float low, float high) {
    return x < low ? low : x > high ? high : x;
}

#endif
