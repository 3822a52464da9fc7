/* Q0.15: a butterfly first divides by its radix, products are rounded, sums wrap. */
#ifndef TG_FFT_S16_H
#define TG_FFT_S16_H

#include "tg_fft.h"

typedef tg_fft_s16 tg_fft;
typedef int16_t tg_fft_value;

typedef struct {
    int16_t re, im;
} tg_fft_complex;

/* |x| < 2**31 - 2**14 */
static inline int16_t tg_fft_round(int32_t x) {
    return (int16_t)((x + (1 << 14)) >> 15);
}

static inline int16_t tg_fft_scale(int16_t x, int16_t factor) {
    return tg_fft_round(x * factor);
}

static inline int16_t tg_fft_sum(int16_t a, int16_t b) {
    return (int16_t)(a + b);
}

static inline int16_t tg_fft_difference(int16_t a, int16_t b) {
    return (int16_t)(a - b);
}

static inline int16_t tg_fft_negative(int16_t x) {
    return tg_fft_difference(0, x);
}

static inline int16_t tg_fft_halved(int16_t x) {
    return (int16_t)(x >> 1);
}

static inline int16_t tg_fft_half_sum(int16_t a, int16_t b) {
    return (int16_t)((a + b) >> 1);
}

static inline int16_t tg_fft_half_difference(int16_t a, int16_t b) {
    return (int16_t)((a - b) >> 1);
}

/* |sums| <= 2 * 2**15 * (2**15 - 1) */
static inline tg_fft_complex tg_fft_times(tg_fft_complex a, const int16_t *b) {
    const tg_fft_complex product = {tg_fft_round(a.re * b[0] - a.im * b[1]), tg_fft_round(a.re * b[1] + a.im * b[0])};
    return product;
}

static inline tg_fft_complex tg_fft_divide(tg_fft_complex a, int32_t divisor) {
    const int16_t factor = (int16_t)(32767 / divisor);
    const tg_fft_complex part = {tg_fft_scale(a.re, factor), tg_fft_scale(a.im, factor)};
    return part;
}

#include "tg_fft_butterflies.h"

#endif
