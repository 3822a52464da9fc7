/* Q0.31: a butterfly first divides by its radix, products are rounded, sums wrap. */
#ifndef TG_FFT_S32_H
#define TG_FFT_S32_H

#include "tg_fft.h"

typedef tg_fft_s32 tg_fft;
typedef int32_t tg_fft_value;

typedef struct {
    int32_t re, im;
} tg_fft_complex;

/* |x| < 2**63 - 2**30 */
static inline int32_t tg_fft_round(int64_t x) {
    return (int32_t)((x + (1 << 30)) >> 31);
}

static inline int32_t tg_fft_scale(int32_t x, int32_t factor) {
    return tg_fft_round((int64_t)x * factor);
}

static inline int32_t tg_fft_sum(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t tg_fft_difference(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t tg_fft_negative(int32_t x) {
    return tg_fft_difference(0, x);
}

static inline int32_t tg_fft_halved(int32_t x) {
    return x >> 1;
}

static inline int32_t tg_fft_half_sum(int32_t a, int32_t b) {
    return tg_fft_sum(a, b) >> 1;
}

static inline int32_t tg_fft_half_difference(int32_t a, int32_t b) {
    return tg_fft_difference(a, b) >> 1;
}

/* |sums| <= 2 * 2**31 * (2**31 - 1) */
static inline tg_fft_complex tg_fft_times(tg_fft_complex a, const int32_t *b) {
    const tg_fft_complex product = {tg_fft_round((int64_t)a.re * b[0] - (int64_t)a.im * b[1]),
                                    tg_fft_round((int64_t)a.re * b[1] + (int64_t)a.im * b[0])};
    return product;
}

static inline tg_fft_complex tg_fft_divide(tg_fft_complex a, int32_t divisor) {
    const int32_t factor = 2147483647 / divisor;
    const tg_fft_complex part = {tg_fft_scale(a.re, factor), tg_fft_scale(a.im, factor)};
    return part;
}

#include "tg_fft_butterflies.h"

#endif
