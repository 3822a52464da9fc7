/* Floats to int8, rounded to the nearest, halves away from zero. */
#ifndef TG_DSP_ROUND_H
#define TG_DSP_ROUND_H

#include "tg_dsp.h"

/* 2 * x rounded towards zero and clamped to int16; what is not a number is 0. */
TG_ALWAYS_INLINE int32_t tg_twice(float x) {
#if TG_HAS_DSP && defined(__ARM_FP) && (__ARM_FP & 4)
    int32_t twice;
    __asm__("vcvt.s32.f32 %1, %1, #1\n\tvmov %0, %1\n\tssat %0, #16, %0" : "=r"(twice), "+t"(x));
    return twice;
#else
    if (!(x > -16384.0f)) {
        return x <= -16384.0f ? -32768 : 0;
    }
    return x < 16384.0f ? (int32_t)(2.0f * x) : 32767;
#endif
}

/* round(x) + zero point, clamped to int8; start: 2 * zero point + 1. With t = 2 * x rounded towards zero, (t + 1) >> 1
   is the nearest integer for x >= 0, and t >> 1 for x < 0. */
TG_ALWAYS_INLINE int8_t tg_round_s8(float x, int32_t start) {
    const int32_t twice = tg_twice(x);
    return (int8_t)tg_ssat8_half(twice + (twice >> 31) + start);
}

#endif
