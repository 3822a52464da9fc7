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

/* x * requant, rounded as TG_ROUNDING_SINGLE says. Shifts of negative numbers are arithmetic, as in every compiler that
   has these targets. |x << shift| wraps as an int32 register does. */
static inline int32_t tg_multiply(int32_t x, tg_requant requant) {
#if TG_ROUNDING_SINGLE
    const int32_t total = 31 - requant.shift; /* 1 .. 62 */
    return (int32_t)(((int64_t)x * requant.multiplier + ((int64_t)1 << (total - 1))) >> total);
#else
    const int32_t left = requant.shift > 0 ? requant.shift : 0;
    const int32_t right = requant.shift > 0 ? 0 : -requant.shift; /* 0 .. 31 */
    const int32_t shifted = (int32_t)((uint32_t)x << left);
    const int32_t high = (int32_t)(((int64_t)shifted * requant.multiplier + (1 << 30)) >> 31);
    const int32_t mask = (int32_t)(((uint32_t)1 << right) - 1u);
    const int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> right) + ((high & mask) > threshold ? 1 : 0);
#endif
}

static inline int32_t tg_clamp(int32_t x, int32_t low, int32_t high) {
    return x < low ? low : x > high ? high : x;
}

#endif
