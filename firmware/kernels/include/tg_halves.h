/* Requantization as in tg_doubled.h of sums that are not doubled, quick where products have 32 bits and no more. */
#ifndef TG_HALVES_H
#define TG_HALVES_H

#include "tg_doubled.h"

/* The instruction set for inline assembly. 2: Thumb-2; 1: of the smallest cores, whose products have 32 bits and no
   more; 0: another. */
#if defined(__GNUC__) && defined(__thumb2__)
#define TG_THUMB 2
#elif defined(__GNUC__) && defined(__thumb__)
#define TG_THUMB 1
#else
#define TG_THUMB 0
#endif

/* The members of a tg_doubled from an array. */
static inline tg_doubled tg_doubled_of(const int32_t *word) {
    const tg_doubled by = {word[0], word[1], word[2]};
    return by;
}

/* x clamped to -128 .. 127. */
static inline int32_t tg_clamp_s8(int32_t x) {
#if TG_THUMB == 2
    int32_t clamped;
    __asm__("ssat %0, #8, %1" : "=r"(clamped) : "r"(x));
    return clamped;
#else
    return x == (int8_t)(uint8_t)x ? x : x >> 31 ^ 127;
#endif
}

/* 2 * sum * multiplier / 2**32 for |sum| < 2**29, to the nearest for rounding double, else downwards. */
static inline int32_t tg_long_product(int32_t sum, int32_t multiplier) {
    const int64_t half = TG_ROUNDING_SINGLE ? 0 : (int64_t)1 << 31;
    return (int32_t)(((int64_t)(2 * sum) * multiplier + half) >> 32);
}

/* The same from products of halves. */
static inline int32_t tg_halves_product(int32_t sum, int32_t multiplier) {
    const int32_t lower = (int16_t)(uint16_t)sum, upper = (sum - lower) >> 16;
    const int32_t m_lower = (uint16_t)multiplier, m_upper = multiplier >> 16;
    /* |upper| <= 2**13 and |lower| <= 2**15: the terms are at most 2**29, 2**30 and 2**15 */
    const int32_t middle = upper * m_lower + lower * m_upper + ((lower * m_lower) >> 16);
    return upper * m_upper * 2 + (TG_ROUNDING_SINGLE ? middle >> 15 : ((middle >> 14) + 1) >> 1);
}

/* The output for a sum, |sum| < 2**29. */
static inline int8_t tg_halves_store(int32_t sum, tg_doubled by) {
#if TG_THUMB == 1
    const int32_t once = tg_halves_product(sum, by.multiplier);
#else
    const int32_t once = tg_long_product(sum, by.multiplier);
#endif
    const int32_t high = TG_ROUNDING_SINGLE ? once : once + (once >> 31);
    return (int8_t)tg_clamp_s8((high + by.addend) >> by.shift);
}

#endif
