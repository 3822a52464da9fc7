/* The Arm DSP extension's instructions, said in plain C, so that kernels written with them run bit for bit anywhere. */
#ifndef TG_DSP_H
#define TG_DSP_H

#include "tg_common.h"

/* Inline assembly rather than ACLE: compilers too old for arm_acle.h have it too. 1 where the instructions exist. */
#if defined(__GNUC__) && defined(__thumb2__) && defined(__ARM_FEATURE_DSP) && !defined(__ARM_BIG_ENDIAN)
#define TG_HAS_DSP 1
#else
#define TG_HAS_DSP 0
#endif

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TG_LITTLE_ENDIAN 1
#else
#define TG_LITTLE_ENDIAN 0
#endif

/* For a function that works on its caller's registers through pointers, and for one that needs all registers itself. */
#if defined(__GNUC__)
#define TG_ALWAYS_INLINE static inline __attribute__((always_inline))
#define TG_NEVER_INLINE static __attribute__((noinline))
#define TG_LIKELY(condition) __builtin_expect(!!(condition), 1)
#else
#define TG_ALWAYS_INLINE static inline
#define TG_NEVER_INLINE static
#define TG_LIKELY(condition) (condition)
#endif

/* For a large function in a header, with a name from TG_NAME: of the copies in several kernels a program keeps one. */
#if defined(__GNUC__) && defined(__ELF__)
#define TG_ONE_COPY __attribute__((weak, noinline))
#else
#define TG_ONE_COPY static
#endif

/* 1 where the compiler was asked for small code: then loops are unrolled less. */
#ifdef __OPTIMIZE_SIZE__
#define TG_SMALL 1
#else
#define TG_SMALL 0
#endif

/* Four bytes at any address, the first in bits 0..7; one LDR where the core allows it. */
static inline uint32_t tg_load_word(const void *from) {
#if TG_LITTLE_ENDIAN
    uint32_t word;
    __builtin_memcpy(&word, from, sizeof word);
    return word;
#else
    const uint8_t *b = (const uint8_t *)from;
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
#endif
}

static inline void tg_store_word(void *to, uint32_t word) {
#if TG_LITTLE_ENDIAN
    __builtin_memcpy(to, &word, sizeof word);
#else
    uint8_t *b = (uint8_t *)to;
    b[0] = (uint8_t)word, b[1] = (uint8_t)(word >> 8), b[2] = (uint8_t)(word >> 16), b[3] = (uint8_t)(word >> 24);
#endif
}

/* A word's lower and upper half as int16. */
static inline int32_t tg_bottom(uint32_t x) {
    return (int16_t)(uint16_t)x;
}

static inline int32_t tg_top(uint32_t x) {
    return (int16_t)(uint16_t)(x >> 16);
}

static inline uint32_t tg_halves_of(int32_t bottom, int32_t top) {
    return (uint16_t)bottom | (uint32_t)top << 16;
}

/* Functions of one, two or three operands: an instruction where it exists, else the expression that it computes. */
#if TG_HAS_DSP
#define TG_OF_1(result, name, type, instruction, expression)                                                           \
    static inline result name(type a) {                                                                                \
        result d;                                                                                                      \
        __asm__(instruction : "=r"(d) : "r"(a));                                                                       \
        return d;                                                                                                      \
    }
#define TG_OF_2(result, name, type, instruction, expression)                                                           \
    static inline result name(type a, type b) {                                                                        \
        result d;                                                                                                      \
        __asm__(instruction : "=r"(d) : "r"(a), "r"(b));                                                               \
        return d;                                                                                                      \
    }
#define TG_OF_3(name, type, instruction, expression)                                                                   \
    static inline int32_t name(type a, type b, int32_t acc) {                                                          \
        int32_t d;                                                                                                     \
        __asm__(instruction : "=r"(d) : "r"(a), "r"(b), "r"(acc));                                                     \
        return d;                                                                                                      \
    }
#define TG_SXTAB(at, turn)                                                                                             \
    TG_ALWAYS_INLINE int32_t tg_sxtab_##at(int32_t acc, uint32_t word) {                                               \
        int32_t d;                                                                                                     \
        __asm__("sxtab %0, %1, %2" turn : "=r"(d) : "r"(acc), "r"(word));                                              \
        return d;                                                                                                      \
    }
#else
#define TG_OF_1(result, name, type, instruction, expression)                                                           \
    static inline result name(type a) {                                                                                \
        return expression;                                                                                             \
    }
#define TG_OF_2(result, name, type, instruction, expression)                                                           \
    static inline result name(type a, type b) {                                                                        \
        return expression;                                                                                             \
    }
#define TG_OF_3(name, type, instruction, expression)                                                                   \
    static inline int32_t name(type a, type b, int32_t acc) {                                                          \
        return expression;                                                                                             \
    }
#define TG_SXTAB(at, turn)                                                                                             \
    TG_ALWAYS_INLINE int32_t tg_sxtab_##at(int32_t acc, uint32_t word) {                                               \
        return acc + (int8_t)(uint8_t)(word >> 8 * at);                                                                \
    }
#endif

/* clang-format off */

/* Two int16 in a word. Of pkhbt a is the lower half and b the upper one, of pkhtb a the upper and b the lower. */
TG_OF_2(uint32_t, tg_pkhbt, uint32_t, "pkhbt %0, %1, %2", (a & 0xffffu) | (b & 0xffff0000u))
TG_OF_2(uint32_t, tg_pkhbt_lsl16, uint32_t, "pkhbt %0, %1, %2, lsl #16", (a & 0xffffu) | b << 16)
TG_OF_2(uint32_t, tg_pkhbt_lsl1, uint32_t, "pkhbt %0, %1, %2, lsl #1", (a & 0xffffu) | (b << 1 & 0xffff0000u))
TG_OF_2(uint32_t, tg_pkhtb_asr16, uint32_t, "pkhtb %0, %1, %2, asr #16", (a & 0xffff0000u) | b >> 16)

/* Bytes 0 and 2 of a word as two int16, or bytes 1 and 3. */
TG_OF_1(uint32_t, tg_sxtb16, uint32_t, "sxtb16 %0, %1",
        tg_halves_of((int8_t)(uint8_t)a, (int8_t)(uint8_t)(a >> 16)))
TG_OF_1(uint32_t, tg_sxtb16_ror8, uint32_t, "sxtb16 %0, %1, ror #8", tg_sxtb16(a >> 8))

/* tg_sxtab_0 .. 3: acc + byte 0 .. 3 of a word. */
TG_SXTAB(0, "")
TG_SXTAB(1, ", ror #8")
TG_SXTAB(2, ", ror #16")
TG_SXTAB(3, ", ror #24")

/* Sums and differences of halves; wrap. */
TG_OF_2(uint32_t, tg_sadd16, uint32_t, "sadd16 %0, %1, %2",
        ((a + b) & 0xffffu) | ((a & 0xffff0000u) + (b & 0xffff0000u)))
TG_OF_2(uint32_t, tg_ssub16, uint32_t, "ssub16 %0, %1, %2",
        ((a - b) & 0xffffu) | ((a & 0xffff0000u) - (b & 0xffff0000u)))

/* Of complex numbers, real parts in the lower halves: a - i * b, and a + i * b; wrap. */
TG_OF_2(uint32_t, tg_ssax, uint32_t, "ssax %0, %1, %2", ((a + (b >> 16)) & 0xffffu) | ((a & 0xffff0000u) - (b << 16)))
TG_OF_2(uint32_t, tg_sasx, uint32_t, "sasx %0, %1, %2", ((a - (b >> 16)) & 0xffffu) | ((a & 0xffff0000u) + (b << 16)))

/* Half the sums and differences of halves, rounded down. */
TG_OF_2(uint32_t, tg_shadd16, uint32_t, "shadd16 %0, %1, %2",
        tg_halves_of((tg_bottom(a) + tg_bottom(b)) >> 1, (tg_top(a) + tg_top(b)) >> 1))
TG_OF_2(uint32_t, tg_shsub16, uint32_t, "shsub16 %0, %1, %2",
        tg_halves_of((tg_bottom(a) - tg_bottom(b)) >> 1, (tg_top(a) - tg_top(b)) >> 1))

/* Bytes 0 and 2 of b, or 1 and 3, added to two sums of 16 bits, which wrap. */
TG_OF_2(uint32_t, tg_sxtab16, uint32_t, "sxtab16 %0, %1, %2", tg_sadd16(a, tg_sxtb16(b)))
TG_OF_2(uint32_t, tg_sxtab16_ror8, uint32_t, "sxtab16 %0, %1, %2, ror #8", tg_sxtab16(a, b >> 8))

/* acc + the products of the lower halves and of the upper halves, or less the latter, or of lower and upper halves;
   wraps. */
TG_OF_3(tg_smlad, uint32_t, "smlad %0, %1, %2, %3",
        (int32_t)((uint32_t)acc + (uint32_t)(tg_bottom(a) * tg_bottom(b)) + (uint32_t)(tg_top(a) * tg_top(b))))
TG_OF_3(tg_smlsd, uint32_t, "smlsd %0, %1, %2, %3",
        (int32_t)((uint32_t)acc + (uint32_t)(tg_bottom(a) * tg_bottom(b)) - (uint32_t)(tg_top(a) * tg_top(b))))
TG_OF_3(tg_smladx, uint32_t, "smladx %0, %1, %2, %3", tg_smlad(a, b << 16 | b >> 16, acc))

/* acc + the product of one half each, B for the lower and T for the upper; wraps. */
TG_OF_3(tg_smlabb, uint32_t, "smlabb %0, %1, %2, %3",
        (int32_t)((uint32_t)acc + (uint32_t)(tg_bottom(a) * tg_bottom(b))))
TG_OF_3(tg_smlabt, uint32_t, "smlabt %0, %1, %2, %3", (int32_t)((uint32_t)acc + (uint32_t)(tg_bottom(a) * tg_top(b))))
TG_OF_3(tg_smlatb, uint32_t, "smlatb %0, %1, %2, %3", (int32_t)((uint32_t)acc + (uint32_t)(tg_top(a) * tg_bottom(b))))
TG_OF_3(tg_smlatt, uint32_t, "smlatt %0, %1, %2, %3", (int32_t)((uint32_t)acc + (uint32_t)(tg_top(a) * tg_top(b))))

/* a * b / 2**32, rounded down; the same and then acc + that, which wraps, rounded to nearest, halves up. */
TG_OF_2(int32_t, tg_smmul, int32_t, "smmul %0, %1, %2", (int32_t)(((int64_t)a * b) >> 32))
TG_OF_2(int32_t, tg_smmulr, int32_t, "smmulr %0, %1, %2", (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32))
TG_OF_3(tg_smmlar, int32_t, "smmlar %0, %1, %2, %3", (int32_t)((uint32_t)acc + (uint32_t)tg_smmulr(a, b)))

/* a, or half of it rounded down, clamped to -128 .. 127. */
TG_OF_1(int32_t, tg_ssat8, int32_t, "ssat %0, #8, %1", tg_clamp(a, -128, 127))
TG_OF_1(int32_t, tg_ssat8_half, int32_t, "ssat %0, #8, %1, asr #1", tg_clamp(a >> 1, -128, 127))

/* clang-format on */

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

/* The larger of each pair of int16. */
TG_ALWAYS_INLINE uint32_t tg_max_halves(uint32_t a, uint32_t b) {
#if TG_HAS_DSP
    uint32_t d;
    __asm__("ssub16 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(d) : "r"(a), "r"(b) : "cc");
    return d;
#else
    const int32_t bottom = tg_bottom(a) > tg_bottom(b) ? tg_bottom(a) : tg_bottom(b);
    return (uint16_t)bottom | ((tg_top(a) > tg_top(b) ? a : b) & 0xffff0000u);
#endif
}

/* The smaller of each pair of bytes: ~x is -1 - x. */
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

/* A tg_requant and a zero point made ready for tg_rescale. */
typedef struct {
    int32_t multiplier;
    int32_t addend; /* the zero point and one half, shifted left: |addend| < 2**30 */
    int32_t shift;  /* 1 .. 22 */
} tg_rescaling;

/* What to pass to tg_can_rescale for sums of at most `depth` products of int8, clamped to low .. high afterwards: so
   many shifts are allowed, or none where SSAT is not the clamp or the sums could be too large. */
static inline uint32_t tg_rescale_limit(int32_t depth, int32_t low, int32_t high) {
    return depth <= 1 << 15 && low == -128 && high == 127 ? 22u - TG_ROUNDING_SINGLE : 0u;
}

/* Whether tg_rescale may be used for the bias plus such a sum: |bias| <= 2**29, so |acc| <= 2**30, and e = -shift is at
   least 1 (2 for single rounding) and at most 22, so that the zero point << e has room. */
static inline int tg_can_rescale(tg_requant requant, int32_t bias, uint32_t limit) {
    return (uint32_t)(-1 - TG_ROUNDING_SINGLE - requant.shift) < limit && (uint32_t)bias + (1u << 29) < 1u << 30;
}

/* The same for all channels of an operator; low, high and depth as in tg_rescale_limit. */
static inline int tg_can_rescale_all(const tg_requant *requant, int32_t requant_step, const int32_t *bias,
                                     int32_t channels, int32_t depth, int32_t low, int32_t high) {
    const uint32_t limit = tg_rescale_limit(depth, low, high);
    int can = 1;
    for (int32_t c = 0; c < channels && can; c++) {
        can = tg_can_rescale(requant[c * requant_step], bias[c], limit);
    }
    return can;
}

/* Only after tg_can_rescale. */
static inline tg_rescaling tg_rescaling_of(tg_requant requant, int32_t zero_point) {
    const int32_t shift = -TG_ROUNDING_SINGLE - requant.shift;
    const int32_t less = -1 - TG_ROUNDING_SINGLE - requant.shift; /* shift - 1 */
    const tg_rescaling rescaling = {requant.multiplier, (int32_t)((uint32_t)(2 * zero_point + 1) << less), shift};
    return rescaling;
}

/* tg_multiply(acc, requant) + zero point without 64 bits, where tg_can_rescale allows it. Single rounding: dropping the
   lower 32 bits of the product first changes nothing, as what is added is whole above them. Double: the first rounding
   is that of acc * (2 * multiplier - 2**32) / 2**32 + acc, where 2 * multiplier - 2**32 is what an int32 makes of
   2 * multiplier; the second takes halves away from 0, hence one less for negative values. */
static inline int32_t tg_rescale(int32_t acc, tg_rescaling by) {
#if TG_ROUNDING_SINGLE
    return (tg_smmul(acc, by.multiplier) + by.addend) >> by.shift;
#else
    const int32_t high = tg_smmlar(acc, (int32_t)((uint32_t)by.multiplier << 1), acc); /* |high| <= 2**30 */
    return (high + (high >> 31) + by.addend) >> by.shift;
#endif
}

#endif
