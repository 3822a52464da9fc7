/* Single precision: nothing is divided by the number of points. */
#ifndef TG_FFT_F32_H
#define TG_FFT_F32_H

#include "tg_fft.h"

typedef tg_fft_f32 tg_fft;
typedef float tg_fft_value;

typedef struct {
    float re, im;
} tg_fft_complex;

static inline float tg_fft_scale(float x, float factor) {
    return x * factor;
}

static inline float tg_fft_sum(float a, float b) {
    return a + b;
}

static inline float tg_fft_difference(float a, float b) {
    return a - b;
}

static inline float tg_fft_negative(float x) {
    return -x;
}

static inline float tg_fft_halved(float x) {
    return x * 0.5f;
}

static inline float tg_fft_half_sum(float a, float b) {
    return (a + b) * 0.5f;
}

static inline float tg_fft_half_difference(float a, float b) {
    return (a - b) * 0.5f;
}

static inline tg_fft_complex tg_fft_times(tg_fft_complex a, const float *b) {
    const tg_fft_complex product = {a.re * b[0] - a.im * b[1], a.re * b[1] + a.im * b[0]};
    return product;
}

static inline tg_fft_complex tg_fft_divide(tg_fft_complex a, int32_t divisor) {
    (void)divisor;
    return a;
}

#include "tg_fft_butterflies.h"

#endif
