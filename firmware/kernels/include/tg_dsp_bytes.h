/* Words of four int8, and what the Arm DSP extension does with them. */
#ifndef TG_DSP_BYTES_H
#define TG_DSP_BYTES_H

#include "tg_dsp.h"

/* tg_sxtab_0 .. 3: acc + byte 0 .. 3 of a word. */
#if TG_HAS_DSP
#define TG_SXTAB(at, turn)                                                                                             \
    TG_ALWAYS_INLINE int32_t tg_sxtab_##at(int32_t acc, uint32_t word) {                                               \
        int32_t d;                                                                                                     \
        __asm__("sxtab %0, %1, %2" turn : "=r"(d) : "r"(acc), "r"(word));                                              \
        return d;                                                                                                      \
    }
#else
#define TG_SXTAB(at, turn)                                                                                             \
    TG_ALWAYS_INLINE int32_t tg_sxtab_##at(int32_t acc, uint32_t word) {                                               \
        return acc + (int8_t)(uint8_t)(word >> 8 * at);                                                                \
    }
#endif
TG_SXTAB(0, "")
TG_SXTAB(1, ", ror #8")
TG_SXTAB(2, ", ror #16")
TG_SXTAB(3, ", ror #24")

/* Bytes 0 and 2, or 1 and 3, of a word added to two sums of 16 bits, which wrap. */
static inline uint32_t tg_sxtab16(uint32_t sums, uint32_t word) {
#if TG_HAS_DSP
    uint32_t d;
    __asm__("sxtab16 %0, %1, %2" : "=r"(d) : "r"(sums), "r"(word));
    return d;
#else
    return tg_sadd16(sums, tg_sxtb16(word));
#endif
}

static inline uint32_t tg_sxtab16_ror8(uint32_t sums, uint32_t word) {
#if TG_HAS_DSP
    uint32_t d;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(d) : "r"(sums), "r"(word));
    return d;
#else
    return tg_sxtab16(sums, word >> 8);
#endif
}

/* The larger of each pair of bytes. */
TG_ALWAYS_INLINE uint32_t tg_max_bytes(uint32_t a, uint32_t b) {
#if TG_HAS_DSP
    uint32_t d;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(d) : "r"(a), "r"(b) : "cc");
    return d;
#else
    uint32_t d = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        const int32_t x = (int8_t)(uint8_t)(a >> shift), y = (int8_t)(uint8_t)(b >> shift);
        d |= (uint32_t)(uint8_t)(x > y ? x : y) << shift;
    }
    return d;
#endif
}

/* The smaller of each pair: ~x is -1 - x. */
TG_ALWAYS_INLINE uint32_t tg_min_bytes(uint32_t a, uint32_t b) {
#if TG_HAS_DSP
    uint32_t d;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %2, %1" : "=&r"(d) : "r"(a), "r"(b) : "cc");
    return d;
#else
    return ~tg_max_bytes(~a, ~b);
#endif
}

/* a + b, saturated. */
static inline int32_t tg_qadd(int32_t a, int32_t b) {
#if TG_HAS_DSP
    int32_t d;
    __asm__("qadd %0, %1, %2" : "=r"(d) : "r"(a), "r"(b) : "cc");
    return d;
#else
    const int64_t sum = (int64_t)a + b;
    return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (int32_t)sum;
#endif
}

/* Zero bits above the highest one; 32 for 0. */
static inline int32_t tg_clz(uint32_t x) {
#if TG_HAS_DSP
    int32_t d;
    __asm__("clz %0, %1" : "=r"(d) : "r"(x));
    return d;
#else
    int32_t zeros = 0;
    for (; zeros < 32 && (x >> (31 - zeros) & 1u) == 0; zeros++) {
    }
    return zeros;
#endif
}

/* a * b / 2**32, rounded to nearest, halves up. */
static inline uint32_t tg_umull_high_rounded(uint32_t a, uint32_t b) {
    return (uint32_t)(((uint64_t)a * b + (1u << 31)) >> 32);
}

/* The same byte four times. */
TG_ALWAYS_INLINE uint32_t tg_four_bytes(int32_t x) {
    return (uint32_t)(uint8_t)x * 0x01010101u;
}

/* Clamps `count` bytes to low .. high, where that is not all of int8. */
static inline void tg_clamp_bytes(int8_t *bytes, int32_t count, int32_t low, int32_t high) {
    if (low == -128 && high == 127) {
        return;
    }
    const uint32_t lows = tg_four_bytes(low), highs = tg_four_bytes(high);
    for (; count >= 4; count -= 4, bytes += 4) {
        tg_store_word(bytes, tg_min_bytes(tg_max_bytes(tg_load_word(bytes), lows), highs));
    }
    for (; count > 0; count--, bytes++) {
        *bytes = (int8_t)tg_clamp(*bytes, low, high);
    }
}

#endif
