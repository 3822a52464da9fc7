/* Floats as int8 for the time of one inference: how hybrid operators meet int8 weights. */
#ifndef TG_HYBRID_H
#define TG_HYBRID_H

#include "tg_common.h"

/* real = scale * (stored - zero_point) */
typedef struct {
    float scale;
    int32_t zero_point;
} tg_hybrid_scale;

/* The nearest integer, halves away from zero; |x| <= 2**24, and what is not a number is 0. */
static inline int32_t tg_hybrid_round(float x) {
    if (!(x > -16777216.0f && x < 16777216.0f)) {
        return x >= 16777216.0f ? 16777216 : x <= -16777216.0f ? -16777216 : 0;
    }
    const int32_t whole = (int32_t)x;
    const float rest = x - (float)whole; /* exact */
    return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
}

/* How some values are stored: round(zero_point + value * inverse), clamped to least .. 127. */
typedef struct {
    tg_hybrid_scale real;
    float inverse;
    int32_t least;
} tg_hybrid_range;

/* The range from the smallest to the largest value and 0 takes all of int8; or, if symmetric, the largest magnitude
   becomes 127. All zeros are stored as zeros of scale 1. */
static inline tg_hybrid_range tg_hybrid_range_of(const float *values, int32_t count, int symmetric) {
    float low = 0.0f, high = 0.0f;
    for (int32_t i = 0; i < count; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    tg_hybrid_range result = {{1.0f, 0}, 0.0f, -128};
    if (symmetric) {
        const float range = -low > high ? -low : high;
        result.least = -127;
        if (range > 0.0f) {
            result.real.scale = range / 127.0f;
            result.inverse = 127.0f / range;
        }
    } else if (high > low) {
        result.real.scale = (high - low) / 255.0f;
        result.inverse = 1.0f / result.real.scale;
        const float below = low / result.real.scale, above = high / result.real.scale;
        /* the end that is smaller in magnitude gives the smaller error */
        const float zero_point = 128.0f - below < 127.0f + above ? -128.0f - below : 127.0f - above;
        result.real.zero_point = tg_clamp(tg_hybrid_round(zero_point), -128, 127);
    }
    return result;
}

/* Stores `count` values. */
static inline tg_hybrid_scale tg_hybrid_quantize(const float *values, int32_t count, int symmetric, int8_t *stored) {
    const tg_hybrid_range range = tg_hybrid_range_of(values, count, symmetric);
    for (int32_t i = 0; i < count; i++) {
        const float scaled = values[i] * range.inverse;
        stored[i] = (int8_t)tg_clamp(tg_hybrid_round((float)range.real.zero_point + scaled), range.least, 127);
    }
    return range.real;
}

#endif
