/* What the Helium kernels share: requantization of four sums at a time. */
#ifndef TG_MVE_H
#define TG_MVE_H

#include <arm_mve.h>

#include "tg_common.h"

/* Four sums of neighbouring channels as stored outputs, in the order of the lanes. */
typedef struct {
    const tg_requant *requant;
    int32_t requant_step;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_mve_output;

/* Multipliers and shifts of channels first .. first + 3, of which `lanes` exist. */
static inline int32x4x2_t tg_mve_requants(const tg_mve_output *p, int32_t first, int32_t lanes) {
    int32x4x2_t requants;
    if (p->requant_step == 0) {
        requants.val[0] = vdupq_n_s32(p->requant->multiplier);
        requants.val[1] = vdupq_n_s32(p->requant->shift);
    } else if (lanes >= 4) {
        requants = vld2q_s32((const int32_t *)(const void *)(p->requant + first));
    } else {
        int32_t pairs[8] = {0};
        for (int32_t i = 0; i < lanes; i++) {
            pairs[2 * i] = p->requant[first + i].multiplier;
            pairs[2 * i + 1] = p->requant[first + i].shift;
        }
        requants = vld2q_s32(pairs);
    }
    return requants;
}

#if TG_ROUNDING_SINGLE
static inline int32x4_t tg_mve_multiply(int32x4_t sum, int32x4x2_t requants) {
    int32_t lane[4], multiplier[4], shift[4];
    vst1q_s32(lane, sum);
    vst1q_s32(multiplier, requants.val[0]);
    vst1q_s32(shift, requants.val[1]);
    for (int i = 0; i < 4; i++) {
        const tg_requant requant = {multiplier[i], shift[i]};
        lane[i] = multiplier[i] == 0 ? 0 : tg_multiply(lane[i], requant);
    }
    return vld1q_s32(lane);
}
#else
/* VQRDMULH rounds halves up, as the first rounding does. VRSHL does too, but the second one rounds halves away from
   zero: one less for negative numbers that will be shifted makes them equal. */
static inline int32x4_t tg_mve_multiply(int32x4_t sum, int32x4x2_t requants) {
    const int32x4_t left = vmaxq_s32(requants.val[1], vdupq_n_s32(0));
    const int32x4_t right = vminq_s32(requants.val[1], vdupq_n_s32(0));
    const int32x4_t high = vqrdmulhq_s32(vshlq_s32(sum, left), requants.val[0]);
    const int32x4_t less = vshrq_n_s32(vandq_s32(high, right), 31);
    return vrshlq_s32(vqaddq_s32(high, less), right);
}
#endif

static inline int32x4_t tg_mve_stored(const tg_mve_output *p, int32x4_t sum, int32x4x2_t requants) {
    int32x4_t stored = vaddq_n_s32(tg_mve_multiply(sum, requants), p->output_zero_point);
    stored = vmaxq_s32(stored, vdupq_n_s32(p->output_min));
    return vminq_s32(stored, vdupq_n_s32(p->output_max));
}

/* Stores four outputs. */
static inline void tg_mve_store4(const tg_mve_output *p, int32x4_t sum, int32_t first, int8_t *to) {
    vstrbq_s32(to, tg_mve_stored(p, sum, tg_mve_requants(p, first, 4)));
}

/* Stores `lanes` outputs, fewer than four. */
static inline void tg_mve_store(const tg_mve_output *p, int32x4_t sum, int32_t first, int32_t lanes, int8_t *to) {
    const int32x4_t stored = tg_mve_stored(p, sum, tg_mve_requants(p, first, lanes));
    vstrbq_p_s32(to, stored, vctp32q((uint32_t)lanes));
}

/* Sums of four filters, `stride` bytes apart, with the same `bytes` inputs; predication ends the last turn early.
   Inline assembly, since compilers neither post-increment five pointers nor predicate the loop. */
static inline int32x4_t tg_mve_dot4(const int8_t *input, const int8_t *weights, int32_t stride, int32_t bytes) {
    const int8_t *w1 = weights + stride, *w2 = w1 + stride, *w3 = w2 + stride;
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    __asm__ volatile("wlstp.8 lr, %[bytes], 2f\n"
                     "1:\n"
                     "vldrb.8 q0, [%[input]], #16\n"
                     "vldrb.8 q1, [%[w0]], #16\n"
                     "vmladava.s8 %[s0], q0, q1\n"
                     "vldrb.8 q2, [%[w1]], #16\n"
                     "vmladava.s8 %[s1], q0, q2\n"
                     "vldrb.8 q1, [%[w2]], #16\n"
                     "vmladava.s8 %[s2], q0, q1\n"
                     "vldrb.8 q2, [%[w3]], #16\n"
                     "vmladava.s8 %[s3], q0, q2\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : [s0] "+Te"(s0), [s1] "+Te"(s1), [s2] "+Te"(s2), [s3] "+Te"(s3), [input] "+r"(input),
                       [w0] "+r"(weights), [w1] "+r"(w1), [w2] "+r"(w2), [w3] "+r"(w3)
                     : [bytes] "r"(bytes)
                     : "lr", "q0", "q1", "q2", "memory");
    int32x4_t sum = vdupq_n_s32(s3);
    sum = vsetq_lane_s32(s0, sum, 0);
    sum = vsetq_lane_s32(s1, sum, 1);
    return vsetq_lane_s32(s2, sum, 2);
}

/* The same for filters of which only `lanes` exist. */
static inline int32x4_t tg_mve_dot(const int8_t *input, const int8_t *weights, int32_t stride, int32_t bytes,
                                   int32_t lanes) {
    int32_t sum[4] = {0};
    for (int32_t i = 0; i < lanes; i++) {
        sum[i] = vgetq_lane_s32(tg_mve_dot4(input, weights + i * stride, 0, bytes), 0);
    }
    return vld1q_s32(sum);
}

#endif
