/* Requantization of sums that are twice as large as the model's, made ready by Python so that no 64 bits are needed:
   clamp((high + addend) >> shift), where high = sum * multiplier / 2**32, for rounding double to the nearest and 1 less
   where that is negative, for rounding single downwards. */
#ifndef TG_DOUBLED_H
#define TG_DOUBLED_H

#include "tg_common.h"

typedef struct {
    int32_t multiplier;
    int32_t addend; /* 2 * zero point + 1, shifted left by shift - 1: |addend| < 2**30 */
    int32_t shift;  /* 1 .. 22 */
} tg_doubled;

/* less: one less than the shift. rounding: 2 * zero point + 1. */
static inline tg_doubled tg_doubled_by(int32_t multiplier, int32_t less, int32_t rounding) {
    const tg_doubled by = {multiplier, rounding * (1 << less), less + 1};
    return by;
}

/* |high| <= 2**30. Shifts of negative numbers are arithmetic. */
static inline int8_t tg_doubled_store(int32_t sum, tg_doubled by) {
#if TG_ROUNDING_SINGLE
    const int32_t high = (int32_t)(((int64_t)sum * by.multiplier) >> 32);
#else
    const int32_t once = (int32_t)(((int64_t)sum * by.multiplier + ((int64_t)1 << 31)) >> 32);
    const int32_t high = once + (once >> 31);
#endif
    return (int8_t)tg_clamp((high + by.addend) >> by.shift, -128, 127);
}

#endif
