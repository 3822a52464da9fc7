/* What all kernels share: rings of rows, requantization, clamping. C99, no library. */
#ifndef TG_COMMON_H
#define TG_COMMON_H

#include <stdint.h>

#include "tg_config.h"

#if defined(__GNUC__) || defined(__clang__)
#define TG_ALIGN4 __attribute__((aligned(4)))
#else
#define TG_ALIGN4
#endif

/* How a tensor's rows lie in memory: row r begins (r % height) * stride bytes after row 0. */
typedef struct {
    int32_t height; /* rows that exist at a time; the whole tensor's number of rows when it is not a ring */
    int32_t stride; /* bytes from one row to the next */
} tg_ring;

/* A multiplier of Q0.31 and a power of two: x * multiplier * 2**(shift - 31). */
typedef struct {
    int32_t multiplier; /* 0, or 2**30 .. 2**31 - 1 */
    int32_t shift;      /* -31 .. 30 */
} tg_requant;

/* A window over an image; see ops/window.py. Padding that the image does not have is the zero point. */
typedef struct {
    int16_t input_h, input_w;
    int16_t output_h, output_w;
    int16_t kernel_h, kernel_w;
    int16_t stride_h, stride_w;
    int16_t dilation_h, dilation_w;
    int16_t pad_top, pad_left;
} tg_window;

/* The first byte of a row; row >= 0. */
static inline const int8_t *tg_row(const int8_t *base, tg_ring ring, int32_t row) {
    return base + (row < ring.height ? row : row % ring.height) * ring.stride;
}

static inline int8_t *tg_output_row(int8_t *base, tg_ring ring, int32_t row) {
    return base + (row < ring.height ? row : row % ring.height) * ring.stride;
}

/* x * multiplier / 2**31, rounded to nearest, halves up; multiplier >= 0. */
static inline int32_t tg_multiply_high(int32_t x, int32_t multiplier) {
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
    /* These cores multiply 32 bits by 32 to 32: four products of halves are cheaper than the compiler's 64-bit one. */
    const int32_t x_high = x >> 16, m_high = multiplier >> 16;
    const uint32_t x_low = (uint32_t)x & 0xffffu, m_low = (uint32_t)multiplier & 0xffffu;
    const int32_t a = x_high * (int32_t)m_low, b = (int32_t)x_low * m_high; /* < 2**31 each */
    const uint32_t low = x_low * m_low;
    const uint32_t middle = (low >> 16) + ((uint32_t)a & 0xffffu) + ((uint32_t)b & 0xffffu);
    const int32_t top = x_high * m_high + (a >> 16) + (b >> 16) + (int32_t)(middle >> 16);
    return (int32_t)((uint32_t)top << 1) + (int32_t)(((middle & 0xffffu) + 0x4000u) >> 15);
#else
    return (int32_t)(((int64_t)x * multiplier + (1 << 30)) >> 31);
#endif
}

/* x * requant, rounded as TG_ROUNDING_SINGLE says. Shifts of negative numbers are arithmetic, as in every compiler that
   has these targets. |x << shift| wraps as an int32 register does. */
static inline int32_t tg_multiply(int32_t x, tg_requant requant) {
#if TG_ROUNDING_SINGLE
    const int32_t total = 31 - requant.shift; /* 1 .. 62 */
    return (int32_t)(((int64_t)x * requant.multiplier + ((int64_t)1 << (total - 1))) >> total);
#else
    const int32_t left = requant.shift > 0 ? requant.shift : 0;
    const int32_t high = tg_multiply_high((int32_t)((uint32_t)x << left), requant.multiplier);
    /* Halves away from 0: up, after taking 1 from what is negative. -2**31 < high < 2**31 - 1: no overflow. */
    return requant.shift < 0 ? (((high + (high >> 31)) >> (-requant.shift - 1)) + 1) >> 1 : high;
#endif
}

static inline int32_t tg_clamp(int32_t x, int32_t low, int32_t high) {
    return x < low ? low : x > high ? high : x;
}

#endif
