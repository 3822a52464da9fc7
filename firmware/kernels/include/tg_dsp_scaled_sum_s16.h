/* The sum or difference of two int16 operands without 64 bits: the one of the larger scale is only shifted, as its
   multiplier is one half. TG_SIGN, defined before this is included: 1 for ADD, -1 for SUB. */
#ifndef TG_DSP_SCALED_SUM_S16_H
#define TG_DSP_SCALED_SUM_S16_H

#include "tg_dsp_runs_s16.h"

/* What ADD and SUB have in their params. */
typedef struct {
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant input1_requant;
    tg_requant input2_requant;
    tg_requant output_requant;
    int32_t output_min;
    int32_t output_max;
} tg_scaled_sum_s16;

/* What the elements need, kept small for the sake of registers. */
typedef struct {
    int32_t is_fast;    /* whether the rest is of use */
    int32_t is_turned;  /* the second operand is the one that is only shifted */
    int32_t plain;      /* 2**14 times that one's sign */
    int32_t sign;       /* of the other, which is scaled */
    int32_t multiplier; /* of the other */
    int32_t half;       /* 1 << (shift - 1) */
    int32_t shift;      /* 0: it is only shifted, too */
    tg_rescaling output;
    int32_t low;
    int32_t high;
} tg_sum_run_s16;

static inline tg_sum_run_s16 tg_sum_run_s16_of(const tg_scaled_sum_s16 *p) {
    const tg_requant half = {1 << 30, 0}, one = p->input1_requant, two = p->input2_requant;
    const int is_first_plain = one.multiplier == half.multiplier && one.shift == 0;
    const int is_second_plain = two.multiplier == half.multiplier && two.shift == 0;
    const tg_requant other = is_first_plain ? two : one;
    const int is_centred = p->input1_zero_point == 0 && p->input2_zero_point == 0 && p->output_zero_point == 0;
    tg_sum_run_s16 by = {0, !is_first_plain, 1 << 14,   TG_SIGN,       other.multiplier,
                         0, -other.shift,    {0, 0, 0}, p->output_min, p->output_max};
    if (by.is_turned) {
        by.plain = TG_SIGN * (1 << 14);
        by.sign = 1;
    }
    by.is_fast =
        is_centred && tg_can_rescale(p->output_requant, 0, tg_rescale_limit(0, -128, 127)) &&
        ((is_first_plain && is_second_plain) || ((is_first_plain || is_second_plain) && by.shift > 0 && by.shift < 30));
    if (by.is_fast) {
        by.half = (int32_t)((1u << by.shift) >> 1);
        by.output = tg_rescaling_of(p->output_requant, 0);
    }
    return by;
}

/* Both terms are at most 2**29. */
TG_ALWAYS_INLINE void tg_sum_elements_s16(const tg_sum_run_s16 *sum, const tg_run_s16 *run, int16_t *out,
                                          int is_scaled) {
    const tg_sum_run_s16 by = *sum;
    const int16_t *a = by.is_turned ? run->b : run->a, *b = by.is_turned ? run->a : run->b;
    const int32_t a_step = by.is_turned ? run->b_step : run->a_step, b_step = by.is_turned ? run->a_step : run->b_step;
    for (const int16_t *const end = out + run->count; out != end; a += a_step, b += b_step) {
        int32_t other = *b * (1 << 14);
        if (is_scaled) {
#if TG_ROUNDING_SINGLE
            other = (tg_smmul(*b * (1 << 16), by.multiplier) + by.half) >> by.shift;
#else
            const int32_t high = tg_smmulr(*b * (1 << 16), by.multiplier);
            other = (high + (high >> 31) + by.half) >> by.shift;
#endif
        }
        *out++ = (int16_t)tg_clamp(tg_rescale(*a * by.plain + other * by.sign, by.output), by.low, by.high);
    }
}

TG_NEVER_INLINE void tg_sum_scaled_s16(const tg_sum_run_s16 *by, const tg_run_s16 *run, int16_t *out) {
    tg_sum_elements_s16(by, run, out, 1);
}

TG_NEVER_INLINE void tg_sum_plain_s16(const tg_sum_run_s16 *by, const tg_run_s16 *run, int16_t *out) {
    tg_sum_elements_s16(by, run, out, 0);
}

/* For any scales and zero points; |x - zero point| <= 65535. */
TG_NEVER_INLINE void tg_sum_any_s16(const tg_scaled_sum_s16 *p, const tg_run_s16 *run, int16_t *out) {
    const int16_t *a = run->a, *b = run->b;
    for (const int16_t *const end = out + run->count; out != end; a += run->a_step, b += run->b_step) {
        const int32_t first = tg_multiply((*a - p->input1_zero_point) * (1 << 15), p->input1_requant);
        const int32_t second = tg_multiply((*b - p->input2_zero_point) * (1 << 15), p->input2_requant);
        const int32_t stored = tg_multiply(first + TG_SIGN * second, p->output_requant) + p->output_zero_point;
        *out++ = (int16_t)tg_clamp(stored, p->output_min, p->output_max);
    }
}

static inline void tg_sum_of_run_s16(const tg_scaled_sum_s16 *p, const tg_sum_run_s16 *by, const tg_run_s16 *run,
                                     int16_t *out) {
    if (!by->is_fast) {
        tg_sum_any_s16(p, run, out);
    } else if (by->shift == 0) {
        tg_sum_plain_s16(by, run, out);
    } else {
        tg_sum_scaled_s16(by, run, out);
    }
}

#endif
