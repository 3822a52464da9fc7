/* Fixed-point arithmetic of int32 as in gemmlowp: Qm.n has m integer bits and n = 31 - m fraction bits. */
#ifndef TG_FIXED_H
#define TG_FIXED_H

#include "tg_common.h"

/* round(a * b / 2**31), halves up; a and b are not both -2**31. */
static inline int32_t tg_high_mul(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

static inline int32_t tg_saturate(int64_t x) {
    return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : (int32_t)x;
}

/* round(x / 2**exponent), halves away from zero; exponent 0 .. 62. */
static inline int32_t tg_rounding_shift(int64_t x, int32_t exponent) {
    const int64_t mask = ((int64_t)1 << exponent) - 1;
    const int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (int32_t)((x >> exponent) + ((x & mask) > threshold ? 1 : 0));
}

/* Zero bits above the highest one; x > 0. */
static inline int32_t tg_leading_zeros(uint32_t x) {
    int32_t zeros = 0;
    while ((x & 0x80000000u) == 0) {
        x <<= 1;
        zeros++;
    }
    return zeros;
}

/* 1 / (1 + x) in Q0.31 for x of Q0.31 in [0, 1): three Newton steps from 48/17 - 32/17 * (1 + x) / 2, in Q2.29. */
static inline int32_t tg_one_over_one_plus(int32_t x) {
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) >> 1); /* (1 + x) / 2 */
    int32_t result = 1515870810 + tg_high_mul(half, -1010580540);
    for (int i = 0; i < 3; i++) {
        const int32_t error = (1 << 29) - tg_high_mul(half, result);
        result += tg_saturate((int64_t)tg_high_mul(result, error) * 4);
    }
    return tg_saturate((int64_t)result * 2);
}

#endif
