/* The mean of up to 256 int8, halves away from zero, without a division. */
#ifndef TG_DSP_MEAN_H
#define TG_DSP_MEAN_H

#include "tg_dsp.h"

typedef struct {
    uint32_t start;      /* what the sum begins with: 128 * taps + taps / 2, so that it stays in 0 .. 2**16 - 1 */
    int32_t zero;        /* below it, one is taken off: the sum that is 0 where taps are even, else 0 */
    uint32_t reciprocal; /* 2**32 / taps, rounded up */
} tg_taps_mean;

/* taps: 1 .. 256. Of one tap, the reciprocal has no room; 2**32 - 1 takes one off, which `start` has more. */
static inline tg_taps_mean tg_taps_mean_of(int32_t taps) {
    const uint32_t start = 128u * (uint32_t)taps + (taps == 1 ? 1u : (uint32_t)taps / 2);
    const uint32_t reciprocal = 0xffffffffu / (uint32_t)taps;
    const tg_taps_mean mean = {start, (taps & 1) != 0 ? 0 : (int32_t)start, reciprocal + (taps != 1)};
    return mean;
}

/* The mean + 128 of `start` + the sum. For even taps, what is below zero is rounded down from one less, which is what
   rounding halves away from zero does. With e = reciprocal * taps - 2**32 < taps, the product exceeds
   2**32 * sum / taps by sum * e / taps < 2**32 / taps, so its upper word is the quotient, rounded down. */
static inline uint32_t tg_mean_plus_128(uint32_t sum, tg_taps_mean by) {
    const int32_t x = (int32_t)sum + (((int32_t)sum - by.zero) >> 31);
    return (uint32_t)(((uint64_t)(uint32_t)x * by.reciprocal) >> 32);
}

#endif
