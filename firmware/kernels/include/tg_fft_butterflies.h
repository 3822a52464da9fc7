/* KISS FFT's transform, in the arithmetic of tg_fft_s16.h, tg_fft_s32.h or tg_fft_f32.h, one of which includes this. */
#ifndef TG_FFT_BUTTERFLIES_H
#define TG_FFT_BUTTERFLIES_H

/* At every multiple of radix * span begin `span` butterflies, whose arms are `span` apart. Arm q of butterfly k is
   turned by twiddle q * k * stride. */
typedef struct {
    int32_t radix; /* 2, 3, 4 or 5 */
    int32_t span;
    int32_t stride; /* span * radix * stride is the number of points */
} tg_fft_stage;

static inline tg_fft_complex tg_fft_add(tg_fft_complex a, tg_fft_complex b) {
    const tg_fft_complex sum = {tg_fft_sum(a.re, b.re), tg_fft_sum(a.im, b.im)};
    return sum;
}

static inline tg_fft_complex tg_fft_subtract(tg_fft_complex a, tg_fft_complex b) {
    const tg_fft_complex difference = {tg_fft_difference(a.re, b.re), tg_fft_difference(a.im, b.im)};
    return difference;
}

/* Arm q of butterfly k, divided and turned. */
static inline tg_fft_complex tg_fft_arm(const tg_fft *p, const tg_fft_stage *stage, const tg_fft_complex *x, int32_t k,
                                        int32_t q) {
    return tg_fft_times(tg_fft_divide(x[q * stage->span], stage->radix), p->twiddles + 2 * q * k * stage->stride);
}

static inline void tg_fft_by_2(const tg_fft *p, const tg_fft_stage *stage, tg_fft_complex *x, int32_t k) {
    const tg_fft_complex a = tg_fft_divide(*x, 2), b = tg_fft_arm(p, stage, x, k, 1);
    x[0] = tg_fft_add(a, b);
    x[stage->span] = tg_fft_subtract(a, b);
}

static inline void tg_fft_by_4(const tg_fft *p, const tg_fft_stage *stage, tg_fft_complex *x, int32_t k,
                               int32_t is_inverse) {
    const int32_t m = stage->span;
    const tg_fft_complex a = tg_fft_divide(*x, 4), b = tg_fft_arm(p, stage, x, k, 1);
    const tg_fft_complex c = tg_fft_arm(p, stage, x, k, 2), d = tg_fft_arm(p, stage, x, k, 3);
    const tg_fft_complex even = tg_fft_add(a, c), odd = tg_fft_add(b, d);
    const tg_fft_complex across = tg_fft_subtract(a, c), turned = tg_fft_subtract(b, d);
    const tg_fft_complex plus = {tg_fft_sum(across.re, turned.im), tg_fft_difference(across.im, turned.re)};
    const tg_fft_complex minus = {tg_fft_difference(across.re, turned.im), tg_fft_sum(across.im, turned.re)};
    x[0] = tg_fft_add(even, odd);
    x[m] = is_inverse ? minus : plus;
    x[2 * m] = tg_fft_subtract(even, odd);
    x[3 * m] = is_inverse ? plus : minus;
}

static inline void tg_fft_by_3(const tg_fft *p, const tg_fft_stage *stage, tg_fft_complex *x, int32_t k) {
    const int32_t m = stage->span;
    const tg_fft_value sine = p->twiddles[2 * m * stage->stride + 1];
    const tg_fft_complex a = tg_fft_divide(*x, 3), b = tg_fft_arm(p, stage, x, k, 1);
    const tg_fft_complex c = tg_fft_arm(p, stage, x, k, 2);
    const tg_fft_complex sum = tg_fft_add(b, c), difference = tg_fft_subtract(b, c);
    const tg_fft_complex turned = {tg_fft_scale(difference.re, sine), tg_fft_scale(difference.im, sine)};
    const tg_fft_complex middle = {tg_fft_difference(a.re, tg_fft_halved(sum.re)),
                                   tg_fft_difference(a.im, tg_fft_halved(sum.im))};
    x[0] = tg_fft_add(a, sum);
    x[m].re = tg_fft_difference(middle.re, turned.im);
    x[m].im = tg_fft_sum(middle.im, turned.re);
    x[2 * m].re = tg_fft_sum(middle.re, turned.im);
    x[2 * m].im = tg_fft_difference(middle.im, turned.re);
}

/* a + b * c + d * e */
static inline tg_fft_value tg_fft_along(tg_fft_value a, tg_fft_value b, tg_fft_value c, tg_fft_value d,
                                        tg_fft_value e) {
    return tg_fft_sum(tg_fft_sum(a, tg_fft_scale(b, c)), tg_fft_scale(d, e));
}

static inline void tg_fft_by_5(const tg_fft *p, const tg_fft_stage *stage, tg_fft_complex *x, int32_t k) {
    const int32_t m = stage->span;
    const tg_fft_value *one = p->twiddles + 2 * m * stage->stride, *two = p->twiddles + 4 * m * stage->stride;
    const tg_fft_complex a = tg_fft_divide(*x, 5);
    const tg_fft_complex b = tg_fft_arm(p, stage, x, k, 1), c = tg_fft_arm(p, stage, x, k, 2);
    const tg_fft_complex d = tg_fft_arm(p, stage, x, k, 3), e = tg_fft_arm(p, stage, x, k, 4);
    const tg_fft_complex outer = tg_fft_add(b, e), outer_turned = tg_fft_subtract(b, e);
    const tg_fft_complex inner = tg_fft_add(c, d), inner_turned = tg_fft_subtract(c, d);
    const tg_fft_complex near = {tg_fft_along(a.re, outer.re, one[0], inner.re, two[0]),
                                 tg_fft_along(a.im, outer.im, one[0], inner.im, two[0])};
    const tg_fft_complex far = {tg_fft_along(a.re, outer.re, two[0], inner.re, one[0]),
                                tg_fft_along(a.im, outer.im, two[0], inner.im, one[0])};
    const tg_fft_complex near_turned = {
        tg_fft_sum(tg_fft_scale(outer_turned.im, one[1]), tg_fft_scale(inner_turned.im, two[1])),
        tg_fft_sum(tg_fft_scale(outer_turned.re, one[1]), tg_fft_scale(inner_turned.re, two[1]))};
    const tg_fft_complex far_turned = {
        tg_fft_difference(tg_fft_scale(inner_turned.im, one[1]), tg_fft_scale(outer_turned.im, two[1])),
        tg_fft_difference(tg_fft_scale(outer_turned.re, two[1]), tg_fft_scale(inner_turned.re, one[1]))};
    x[0] = tg_fft_add(a, tg_fft_add(outer, inner));
    x[m].re = tg_fft_difference(near.re, near_turned.re);
    x[m].im = tg_fft_sum(near.im, near_turned.im);
    x[2 * m] = tg_fft_add(far, far_turned);
    x[3 * m] = tg_fft_subtract(far, far_turned);
    x[4 * m].re = tg_fft_sum(near.re, near_turned.re);
    x[4 * m].im = tg_fft_difference(near.im, near_turned.im);
}

/* In place; x: [points], in the order of `places`. */
static inline void tg_fft_apply(const tg_fft *p, tg_fft_complex *x, int32_t is_inverse) {
    int32_t span = 1;
    for (int32_t s = 0; s < p->stages; s++) {
        const int32_t radix = p->radices[s], block = radix * span;
        const tg_fft_stage stage = {radix, span, p->points / block};
        for (int32_t first = 0; first < p->points; first += block) {
            for (int32_t k = 0; k < span; k++) {
                tg_fft_complex *at = x + first + k;
                if (radix == 4) {
                    tg_fft_by_4(p, &stage, at, k, is_inverse);
                } else if (radix == 2) {
                    tg_fft_by_2(p, &stage, at, k);
                } else if (radix == 3) {
                    tg_fft_by_3(p, &stage, at, k);
                } else {
                    tg_fft_by_5(p, &stage, at, k);
                }
            }
        }
        span = block;
    }
}

/* The spectrum of the even samples plus that of the odd ones, turned; the upper half mirrors the lower one. */
static inline void tg_fft_join(const tg_fft *p, tg_fft_complex *z) {
    const tg_fft_complex ends = tg_fft_divide(z[0], 2);
    z[0].re = tg_fft_sum(ends.re, ends.im);
    z[0].im = 0;
    z[p->points].re = tg_fft_difference(ends.re, ends.im);
    z[p->points].im = 0;
    for (int32_t k = 1; k <= p->points / 2; k++) {
        tg_fft_complex *low = z + k, *high = z + p->points - k;
        const tg_fft_complex mirrored = {high->re, tg_fft_negative(high->im)};
        const tg_fft_complex near = tg_fft_divide(*low, 2), far = tg_fft_divide(mirrored, 2);
        const tg_fft_complex even = tg_fft_add(near, far);
        const tg_fft_complex odd = tg_fft_times(tg_fft_subtract(near, far), p->halves + 2 * (k - 1));
        /* in the middle both are the same place, and the second counts */
        low->re = tg_fft_half_sum(even.re, odd.re);
        low->im = tg_fft_half_sum(even.im, odd.im);
        high->re = tg_fft_half_difference(even.re, odd.re);
        high->im = tg_fft_half_difference(odd.im, even.im);
    }
}

/* The spectrum z [points + 1] of real samples, pairs of which are transformed as one number; what is missing is 0. */
static inline void tg_fft_of_real(const tg_fft *p, const tg_fft_value *samples, int32_t count, tg_fft_complex *z) {
    for (int32_t i = 0; i < p->points; i++) {
        tg_fft_complex *to = z + p->places[i];
        to->re = 2 * i < count ? samples[2 * i] : 0;
        to->im = 2 * i + 1 < count ? samples[2 * i + 1] : 0;
    }
    tg_fft_apply(p, z, 0);
    tg_fft_join(p, z);
}

/* Pairs of real samples z [points] from their spectrum [points + 1]: first that of the even samples plus i times that
   of the odd ones. */
static inline void tg_fft_to_real(const tg_fft *p, const tg_fft_complex *spectrum, tg_fft_complex *z) {
    const tg_fft_value low_end = spectrum[0].re, high_end = spectrum[p->points].re;
    const tg_fft_complex ends = {tg_fft_sum(low_end, high_end), tg_fft_difference(low_end, high_end)};
    z[0] = tg_fft_divide(ends, 2);
    for (int32_t k = 1; k <= p->points / 2; k++) {
        const tg_fft_complex low = spectrum[k], high = spectrum[p->points - k];
        const tg_fft_complex mirrored = {high.re, tg_fft_negative(high.im)};
        const tg_fft_complex near = tg_fft_divide(low, 2), far = tg_fft_divide(mirrored, 2);
        const tg_fft_complex even = tg_fft_add(near, far);
        const tg_fft_complex odd = tg_fft_times(tg_fft_subtract(near, far), p->halves + 2 * (k - 1));
        const tg_fft_complex difference = tg_fft_subtract(even, odd);
        /* in the middle both are the same place, and the second counts */
        z[p->places[k]] = tg_fft_add(even, odd);
        z[p->places[p->points - k]].re = difference.re;
        z[p->places[p->points - k]].im = tg_fft_negative(difference.im);
    }
    tg_fft_apply(p, z, 1);
}

#endif
