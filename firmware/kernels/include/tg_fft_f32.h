/* KISS FFT's transform in single precision, which is not divided by the number of points. */
#ifndef TG_FFT_F32_H
#define TG_FFT_F32_H

#include "tg_fft.h"

typedef struct {
    const int16_t *radices; /* [stages]: 2, 3, 4 or 5, in the order of execution */
    const int16_t *places;  /* [points]: where each number must stand before the first stage */
    const float *twiddles;  /* [points][2]: e**(-2 pi i k / points), conjugate for the inverse */
    const float *halves;    /* [points / 2][2]: the same at (k + 1) / 2 + points / 4, for the real signal's halves */
    int32_t stages;
    int32_t points;
} tg_fft_f32;

typedef struct {
    float re, im;
} tg_complex_f32;

static inline tg_complex_f32 tg_fft_times_f32(tg_complex_f32 a, const float *b) {
    const tg_complex_f32 product = {a.re * b[0] - a.im * b[1], a.re * b[1] + a.im * b[0]};
    return product;
}

static inline tg_complex_f32 tg_fft_add_f32(tg_complex_f32 a, tg_complex_f32 b) {
    const tg_complex_f32 sum = {a.re + b.re, a.im + b.im};
    return sum;
}

static inline tg_complex_f32 tg_fft_subtract_f32(tg_complex_f32 a, tg_complex_f32 b) {
    const tg_complex_f32 difference = {a.re - b.re, a.im - b.im};
    return difference;
}

/* Arm q of butterfly k, divided and turned. */
static inline tg_complex_f32 tg_fft_arm_f32(const tg_fft_f32 *p, const tg_fft_stage *stage, const tg_complex_f32 *x,
                                            int32_t k, int32_t q) {
    return tg_fft_times_f32(x[q * stage->span], p->twiddles + 2 * q * k * stage->stride);
}

static inline void tg_fft_by_2_f32(const tg_fft_f32 *p, const tg_fft_stage *stage, tg_complex_f32 *x, int32_t k) {
    const tg_complex_f32 a = *x, b = tg_fft_arm_f32(p, stage, x, k, 1);
    x[0] = tg_fft_add_f32(a, b);
    x[stage->span] = tg_fft_subtract_f32(a, b);
}

static inline void tg_fft_by_4_f32(const tg_fft_f32 *p, const tg_fft_stage *stage, tg_complex_f32 *x, int32_t k,
                                   int32_t is_inverse) {
    const int32_t m = stage->span;
    const tg_complex_f32 a = *x, b = tg_fft_arm_f32(p, stage, x, k, 1);
    const tg_complex_f32 c = tg_fft_arm_f32(p, stage, x, k, 2), d = tg_fft_arm_f32(p, stage, x, k, 3);
    const tg_complex_f32 even = tg_fft_add_f32(a, c), odd = tg_fft_add_f32(b, d);
    const tg_complex_f32 across = tg_fft_subtract_f32(a, c), turned = tg_fft_subtract_f32(b, d);
    const tg_complex_f32 plus = {across.re + turned.im, across.im - turned.re};
    const tg_complex_f32 minus = {across.re - turned.im, across.im + turned.re};
    x[0] = tg_fft_add_f32(even, odd);
    x[m] = is_inverse ? minus : plus;
    x[2 * m] = tg_fft_subtract_f32(even, odd);
    x[3 * m] = is_inverse ? plus : minus;
}

static inline void tg_fft_by_3_f32(const tg_fft_f32 *p, const tg_fft_stage *stage, tg_complex_f32 *x, int32_t k) {
    const int32_t m = stage->span;
    const float sine = p->twiddles[2 * m * stage->stride + 1];
    const tg_complex_f32 a = *x, b = tg_fft_arm_f32(p, stage, x, k, 1);
    const tg_complex_f32 c = tg_fft_arm_f32(p, stage, x, k, 2);
    const tg_complex_f32 sum = tg_fft_add_f32(b, c), difference = tg_fft_subtract_f32(b, c);
    const tg_complex_f32 turned = {difference.re * sine, difference.im * sine};
    const tg_complex_f32 middle = {a.re - sum.re * 0.5f, a.im - sum.im * 0.5f};
    x[0] = tg_fft_add_f32(a, sum);
    x[m].re = middle.re - turned.im;
    x[m].im = middle.im + turned.re;
    x[2 * m].re = middle.re + turned.im;
    x[2 * m].im = middle.im - turned.re;
}

/* a + b * c + d * e */
static inline float tg_fft_along_f32(float a, float b, float c, float d, float e) {
    return a + b * c + d * e;
}

static inline void tg_fft_by_5_f32(const tg_fft_f32 *p, const tg_fft_stage *stage, tg_complex_f32 *x, int32_t k) {
    const int32_t m = stage->span;
    const float *one = p->twiddles + 2 * m * stage->stride, *two = p->twiddles + 4 * m * stage->stride;
    const tg_complex_f32 a = *x;
    const tg_complex_f32 b = tg_fft_arm_f32(p, stage, x, k, 1), c = tg_fft_arm_f32(p, stage, x, k, 2);
    const tg_complex_f32 d = tg_fft_arm_f32(p, stage, x, k, 3), e = tg_fft_arm_f32(p, stage, x, k, 4);
    const tg_complex_f32 outer = tg_fft_add_f32(b, e), outer_turned = tg_fft_subtract_f32(b, e);
    const tg_complex_f32 inner = tg_fft_add_f32(c, d), inner_turned = tg_fft_subtract_f32(c, d);
    const tg_complex_f32 near = {tg_fft_along_f32(a.re, outer.re, one[0], inner.re, two[0]),
                                 tg_fft_along_f32(a.im, outer.im, one[0], inner.im, two[0])};
    const tg_complex_f32 far = {tg_fft_along_f32(a.re, outer.re, two[0], inner.re, one[0]),
                                tg_fft_along_f32(a.im, outer.im, two[0], inner.im, one[0])};
    const tg_complex_f32 near_turned = {outer_turned.im * one[1] + inner_turned.im * two[1],
                                        outer_turned.re * one[1] + inner_turned.re * two[1]};
    const tg_complex_f32 far_turned = {inner_turned.im * one[1] - outer_turned.im * two[1],
                                       outer_turned.re * two[1] - inner_turned.re * one[1]};
    x[0] = tg_fft_add_f32(a, tg_fft_add_f32(outer, inner));
    x[m].re = near.re - near_turned.re;
    x[m].im = near.im + near_turned.im;
    x[2 * m] = tg_fft_add_f32(far, far_turned);
    x[3 * m] = tg_fft_subtract_f32(far, far_turned);
    x[4 * m].re = near.re + near_turned.re;
    x[4 * m].im = near.im - near_turned.im;
}

/* In place; x: [points], in the order of `places`. */
static inline void tg_fft_f32_apply(const tg_fft_f32 *p, tg_complex_f32 *x, int32_t is_inverse) {
    int32_t span = 1;
    for (int32_t s = 0; s < p->stages; s++) {
        const int32_t radix = p->radices[s], block = radix * span;
        const tg_fft_stage stage = {radix, span, p->points / block};
        for (int32_t first = 0; first < p->points; first += block) {
            for (int32_t k = 0; k < span; k++) {
                tg_complex_f32 *at = x + first + k;
                if (radix == 4) {
                    tg_fft_by_4_f32(p, &stage, at, k, is_inverse);
                } else if (radix == 2) {
                    tg_fft_by_2_f32(p, &stage, at, k);
                } else if (radix == 3) {
                    tg_fft_by_3_f32(p, &stage, at, k);
                } else {
                    tg_fft_by_5_f32(p, &stage, at, k);
                }
            }
        }
        span = block;
    }
}

#endif
