/* KISS FFT's transform in Q0.15: a butterfly first divides by its radix, products are rounded, sums wrap. */
#ifndef TG_FFT_S16_H
#define TG_FFT_S16_H

#include "tg_fft.h"

typedef struct {
    const int16_t *radices;  /* [stages]: 2, 3, 4 or 5, in the order of execution */
    const int16_t *places;   /* [points]: where each number must stand before the first stage */
    const int16_t *twiddles; /* [points][2]: e**(-2 pi i k / points), conjugate for the inverse */
    const int16_t *halves;   /* [points / 2][2]: the same at (k + 1) / 2 + points / 4, for the real signal's halves */
    int32_t stages;
    int32_t points;
} tg_fft_s16;

typedef struct {
    int16_t re, im;
} tg_complex_s16;

/* |x| < 2**31 - 2**14 */
static inline int16_t tg_fft_round_s16(int32_t x) {
    return (int16_t)((x + (1 << 14)) >> 15);
}

static inline int16_t tg_fft_scale_s16(int16_t x, int16_t factor) {
    return tg_fft_round_s16(x * factor);
}

static inline int16_t tg_fft_sum_s16(int16_t a, int16_t b) {
    return (int16_t)(a + b);
}

static inline int16_t tg_fft_difference_s16(int16_t a, int16_t b) {
    return (int16_t)(a - b);
}

static inline int16_t tg_fft_half_s16(int16_t a, int16_t b) {
    return (int16_t)((a + b) >> 1);
}

static inline int16_t tg_fft_half_difference_s16(int16_t a, int16_t b) {
    return (int16_t)((a - b) >> 1);
}

/* |sums| <= 2 * 2**15 * (2**15 - 1) */
static inline tg_complex_s16 tg_fft_times_s16(tg_complex_s16 a, const int16_t *b) {
    const tg_complex_s16 product = {tg_fft_round_s16(a.re * b[0] - a.im * b[1]),
                                    tg_fft_round_s16(a.re * b[1] + a.im * b[0])};
    return product;
}

static inline tg_complex_s16 tg_fft_divide_s16(tg_complex_s16 a, int32_t divisor) {
    const int16_t factor = (int16_t)(32767 / divisor);
    const tg_complex_s16 part = {tg_fft_scale_s16(a.re, factor), tg_fft_scale_s16(a.im, factor)};
    return part;
}

static inline tg_complex_s16 tg_fft_add_s16(tg_complex_s16 a, tg_complex_s16 b) {
    const tg_complex_s16 sum = {tg_fft_sum_s16(a.re, b.re), tg_fft_sum_s16(a.im, b.im)};
    return sum;
}

static inline tg_complex_s16 tg_fft_subtract_s16(tg_complex_s16 a, tg_complex_s16 b) {
    const tg_complex_s16 difference = {tg_fft_difference_s16(a.re, b.re), tg_fft_difference_s16(a.im, b.im)};
    return difference;
}

/* Arm q of butterfly k, divided and turned. */
static inline tg_complex_s16 tg_fft_arm_s16(const tg_fft_s16 *p, const tg_fft_stage *stage, const tg_complex_s16 *x,
                                            int32_t k, int32_t q) {
    return tg_fft_times_s16(tg_fft_divide_s16(x[q * stage->span], stage->radix),
                            p->twiddles + 2 * q * k * stage->stride);
}

static inline void tg_fft_by_2_s16(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_complex_s16 *x, int32_t k) {
    const tg_complex_s16 a = tg_fft_divide_s16(*x, 2), b = tg_fft_arm_s16(p, stage, x, k, 1);
    x[0] = tg_fft_add_s16(a, b);
    x[stage->span] = tg_fft_subtract_s16(a, b);
}

static inline void tg_fft_by_4_s16(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_complex_s16 *x, int32_t k,
                                   int32_t is_inverse) {
    const int32_t m = stage->span;
    const tg_complex_s16 a = tg_fft_divide_s16(*x, 4), b = tg_fft_arm_s16(p, stage, x, k, 1);
    const tg_complex_s16 c = tg_fft_arm_s16(p, stage, x, k, 2), d = tg_fft_arm_s16(p, stage, x, k, 3);
    const tg_complex_s16 even = tg_fft_add_s16(a, c), odd = tg_fft_add_s16(b, d);
    const tg_complex_s16 across = tg_fft_subtract_s16(a, c), turned = tg_fft_subtract_s16(b, d);
    const tg_complex_s16 plus = {tg_fft_sum_s16(across.re, turned.im), tg_fft_difference_s16(across.im, turned.re)};
    const tg_complex_s16 minus = {tg_fft_difference_s16(across.re, turned.im), tg_fft_sum_s16(across.im, turned.re)};
    x[0] = tg_fft_add_s16(even, odd);
    x[m] = is_inverse ? minus : plus;
    x[2 * m] = tg_fft_subtract_s16(even, odd);
    x[3 * m] = is_inverse ? plus : minus;
}

static inline void tg_fft_by_3_s16(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_complex_s16 *x, int32_t k) {
    const int32_t m = stage->span;
    const int16_t sine = p->twiddles[2 * m * stage->stride + 1];
    const tg_complex_s16 a = tg_fft_divide_s16(*x, 3), b = tg_fft_arm_s16(p, stage, x, k, 1);
    const tg_complex_s16 c = tg_fft_arm_s16(p, stage, x, k, 2);
    const tg_complex_s16 sum = tg_fft_add_s16(b, c), difference = tg_fft_subtract_s16(b, c);
    const tg_complex_s16 turned = {tg_fft_scale_s16(difference.re, sine), tg_fft_scale_s16(difference.im, sine)};
    const tg_complex_s16 middle = {tg_fft_difference_s16(a.re, (int16_t)(sum.re >> 1)),
                                   tg_fft_difference_s16(a.im, (int16_t)(sum.im >> 1))};
    x[0] = tg_fft_add_s16(a, sum);
    x[m].re = tg_fft_difference_s16(middle.re, turned.im);
    x[m].im = tg_fft_sum_s16(middle.im, turned.re);
    x[2 * m].re = tg_fft_sum_s16(middle.re, turned.im);
    x[2 * m].im = tg_fft_difference_s16(middle.im, turned.re);
}

/* a + b * c + d * e */
static inline int16_t tg_fft_along_s16(int16_t a, int16_t b, int16_t c, int16_t d, int16_t e) {
    return tg_fft_sum_s16(tg_fft_sum_s16(a, tg_fft_scale_s16(b, c)), tg_fft_scale_s16(d, e));
}

static inline void tg_fft_by_5_s16(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_complex_s16 *x, int32_t k) {
    const int32_t m = stage->span;
    const int16_t *one = p->twiddles + 2 * m * stage->stride, *two = p->twiddles + 4 * m * stage->stride;
    const tg_complex_s16 a = tg_fft_divide_s16(*x, 5);
    const tg_complex_s16 b = tg_fft_arm_s16(p, stage, x, k, 1), c = tg_fft_arm_s16(p, stage, x, k, 2);
    const tg_complex_s16 d = tg_fft_arm_s16(p, stage, x, k, 3), e = tg_fft_arm_s16(p, stage, x, k, 4);
    const tg_complex_s16 outer = tg_fft_add_s16(b, e), outer_turned = tg_fft_subtract_s16(b, e);
    const tg_complex_s16 inner = tg_fft_add_s16(c, d), inner_turned = tg_fft_subtract_s16(c, d);
    const tg_complex_s16 near = {tg_fft_along_s16(a.re, outer.re, one[0], inner.re, two[0]),
                                 tg_fft_along_s16(a.im, outer.im, one[0], inner.im, two[0])};
    const tg_complex_s16 far = {tg_fft_along_s16(a.re, outer.re, two[0], inner.re, one[0]),
                                tg_fft_along_s16(a.im, outer.im, two[0], inner.im, one[0])};
    const tg_complex_s16 near_turned = {
        tg_fft_sum_s16(tg_fft_scale_s16(outer_turned.im, one[1]), tg_fft_scale_s16(inner_turned.im, two[1])),
        tg_fft_sum_s16(tg_fft_scale_s16(outer_turned.re, one[1]), tg_fft_scale_s16(inner_turned.re, two[1]))};
    const tg_complex_s16 far_turned = {
        tg_fft_difference_s16(tg_fft_scale_s16(inner_turned.im, one[1]), tg_fft_scale_s16(outer_turned.im, two[1])),
        tg_fft_difference_s16(tg_fft_scale_s16(outer_turned.re, two[1]), tg_fft_scale_s16(inner_turned.re, one[1]))};
    x[0] = tg_fft_add_s16(a, tg_fft_add_s16(outer, inner));
    x[m].re = tg_fft_difference_s16(near.re, near_turned.re);
    x[m].im = tg_fft_sum_s16(near.im, near_turned.im);
    x[2 * m] = tg_fft_add_s16(far, far_turned);
    x[3 * m] = tg_fft_subtract_s16(far, far_turned);
    x[4 * m].re = tg_fft_sum_s16(near.re, near_turned.re);
    x[4 * m].im = tg_fft_difference_s16(near.im, near_turned.im);
}

/* In place; x: [points], in the order of `places`. */
static inline void tg_fft_s16_apply(const tg_fft_s16 *p, tg_complex_s16 *x, int32_t is_inverse) {
    int32_t span = 1;
    for (int32_t s = 0; s < p->stages; s++) {
        const int32_t radix = p->radices[s], block = radix * span;
        const tg_fft_stage stage = {radix, span, p->points / block};
        for (int32_t first = 0; first < p->points; first += block) {
            for (int32_t k = 0; k < span; k++) {
                tg_complex_s16 *at = x + first + k;
                if (radix == 4) {
                    tg_fft_by_4_s16(p, &stage, at, k, is_inverse);
                } else if (radix == 2) {
                    tg_fft_by_2_s16(p, &stage, at, k);
                } else if (radix == 3) {
                    tg_fft_by_3_s16(p, &stage, at, k);
                } else {
                    tg_fft_by_5_s16(p, &stage, at, k);
                }
            }
        }
        span = block;
    }
}

#endif
