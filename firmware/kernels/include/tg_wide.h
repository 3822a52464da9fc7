/* Sums of int16 times int8 in 64 bits, and their requantization by a multiplier of 16 bits. */
#ifndef TG_WIDE_H
#define TG_WIDE_H

#include "tg_common.h"

/* The sum of a[i] * b[i]. A partial sum of 256 products, each at most 2**22, fits 32 bits. */
static inline int64_t tg_wide_dot(const int16_t *a, const int8_t *b, int32_t count) {
    int64_t sum = 0;
    while (count > 0) {
        const int32_t part = count < 256 ? count : 256;
        int32_t partial = 0;
        for (int32_t i = 0; i < part; i++) {
            partial += a[i] * b[i];
        }
        sum += partial;
        a += part;
        b += part;
        count -= part;
    }
    return sum;
}

/* x * multiplier * 2**(shift - 15), halves up; 0 <= multiplier < 2**15, -31 <= shift < 8. Products wrap. */
static inline int32_t tg_wide_multiply(int64_t x, tg_requant requant) {
    const int32_t total = 15 - requant.shift;
    const uint64_t product = (uint64_t)x * (uint64_t)requant.multiplier + ((uint64_t)1 << (total - 1));
    return (int32_t)((int64_t)product >> total);
}

/* The same, or if narrow, of x in 32 bits by a multiplier of 32. */
static inline int32_t tg_wide_or_narrow_multiply(int64_t x, tg_requant requant, int32_t narrow) {
    return narrow ? tg_multiply((int32_t)x, requant) : tg_wide_multiply(x, requant);
}

/* x + y, wrapping. */
static inline int64_t tg_wide_add(int64_t x, int64_t y) {
    return (int64_t)((uint64_t)x + (uint64_t)y);
}

#endif
