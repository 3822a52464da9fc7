/* The sum or difference of two int8 operands without 64 bits: the one of the larger scale is only shifted, as its
   multiplier is one half. TG_SIGN, defined before this is included: 1 for ADD, -1 for SUB. */
#ifndef TG_DSP_SCALED_SUM_H
#define TG_DSP_SCALED_SUM_H

#include "tg_dsp_runs_s8.h"

/* What ADD and SUB have in their params. */
typedef struct {
    const tg_operand *input1;
    const tg_operand *input2;
    const tg_extent *extent;
    tg_ring output;
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant input1_requant;
    tg_requant input2_requant;
    tg_requant output_requant;
    int32_t output_min;
    int32_t output_max;
} tg_scaled_sum;

/* How the operands meet; in any way where 64 bits are needed. */
typedef enum { TG_SUM_ANY, TG_SUM_SAME_SCALE, TG_SUM_FIRST_IS_SCALED, TG_SUM_SECOND_IS_SCALED } tg_sum_kind;

/* What the elements need, kept small for the sake of registers. */
typedef struct {
    int32_t less1;      /* - zero point of the first operand */
    int32_t less2;      /* - zero point of the second */
    int32_t multiplier; /* of the one that is scaled */
    int32_t half;       /* 1 << (shift - 1) */
    int32_t shift;
    tg_rescaling output;
} tg_sum_run;

/* x and y less their zero points, so |x|, |y| <= 255 and every sum is below 2**28. */
TG_ALWAYS_INLINE int8_t tg_sum_of(const tg_sum_run *by, int32_t x, int32_t y, tg_sum_kind kind) {
    const int is_first = kind == TG_SUM_FIRST_IS_SCALED;
    int32_t sum = (x + TG_SIGN * y) * (1 << 19);
    if (kind != TG_SUM_SAME_SCALE) {
#if TG_ROUNDING_SINGLE
        const int32_t high = tg_smmul((is_first ? x : y) * (1 << 21), by->multiplier);
        const int32_t scaled = (high + by->half) >> by->shift;
#else
        const int32_t high = tg_smmulr((is_first ? x : y) * (1 << 21), by->multiplier);
        const int32_t scaled = (high + (high >> 31) + by->half) >> by->shift;
#endif
        sum = is_first ? scaled + TG_SIGN * (y * (1 << 19)) : x * (1 << 19) + TG_SIGN * scaled;
    }
    return (int8_t)tg_ssat8(tg_rescale(sum, by->output));
}

TG_ALWAYS_INLINE void tg_sum_elements(const tg_sum_run *run, const int8_t *a, const int8_t *b, int8_t *out,
                                      int32_t count, tg_sum_kind kind) {
    const tg_sum_run by = *run;
    const int8_t *end = out + count;
#if !TG_SMALL
    for (const int8_t *last = out + (count & ~3); out != last; out += 4) {
        const uint32_t x = tg_load_word(a), y = tg_load_word(b);
        a += 4;
        b += 4;
        out[0] = tg_sum_of(&by, tg_sxtab_0(by.less1, x), tg_sxtab_0(by.less2, y), kind);
        out[1] = tg_sum_of(&by, tg_sxtab_1(by.less1, x), tg_sxtab_1(by.less2, y), kind);
        out[2] = tg_sum_of(&by, tg_sxtab_2(by.less1, x), tg_sxtab_2(by.less2, y), kind);
        out[3] = tg_sum_of(&by, tg_sxtab_3(by.less1, x), tg_sxtab_3(by.less2, y), kind);
    }
#endif
    while (out != end) {
        *out++ = tg_sum_of(&by, by.less1 + *a++, by.less2 + *b++, kind);
    }
}

/* Each of them wants all registers. */
TG_NEVER_INLINE void tg_sum_same(const tg_sum_run *by, const int8_t *a, const int8_t *b, int8_t *out, int32_t count) {
    tg_sum_elements(by, a, b, out, count, TG_SUM_SAME_SCALE);
}

TG_NEVER_INLINE void tg_sum_first(const tg_sum_run *by, const int8_t *a, const int8_t *b, int8_t *out, int32_t count) {
    tg_sum_elements(by, a, b, out, count, TG_SUM_FIRST_IS_SCALED);
}

#if TG_SIGN < 0
TG_NEVER_INLINE void tg_sum_second(const tg_sum_run *by, const int8_t *a, const int8_t *b, int8_t *out, int32_t count) {
    tg_sum_elements(by, a, b, out, count, TG_SUM_SECOND_IS_SCALED);
}
#endif

TG_NEVER_INLINE void tg_sum_any(const tg_scaled_sum *p, const int8_t *a, const int8_t *b, int8_t *out, int32_t count) {
    for (; count > 0; count--) {
        const int32_t first = tg_multiply((*a++ - p->input1_zero_point) * (1 << 20), p->input1_requant);
        const int32_t second = tg_multiply((*b++ - p->input2_zero_point) * (1 << 20), p->input2_requant);
        const int32_t stored = tg_multiply(first + TG_SIGN * second, p->output_requant) + p->output_zero_point;
        *out++ = (int8_t)tg_clamp(stored, -128, 127);
    }
}

static inline int tg_is_half(tg_requant requant) {
    return requant.multiplier == 1 << 30 && requant.shift == 0;
}

static inline tg_sum_kind tg_sum_kind_of(const tg_scaled_sum *p) {
    const int is_first_plain = tg_is_half(p->input1_requant), is_second_plain = tg_is_half(p->input2_requant);
    const int32_t shift = is_first_plain ? p->input2_requant.shift : p->input1_requant.shift;
    if (!tg_can_rescale(p->output_requant, 0, tg_rescale_limit(0, -128, 127))) {
        return TG_SUM_ANY;
    }
    if (is_first_plain && is_second_plain) {
        return TG_SUM_SAME_SCALE;
    }
    if (shift >= 0 || shift <= -30 || !(is_first_plain || is_second_plain)) {
        return TG_SUM_ANY;
    }
    return is_first_plain ? TG_SUM_SECOND_IS_SCALED : TG_SUM_FIRST_IS_SCALED;
}

static inline void tg_scaled_sum_rows(const tg_scaled_sum *p, const int8_t *input1, const int8_t *input2,
                                      int8_t *output, int32_t first, int32_t count) {
    const tg_sum_kind kind = tg_sum_kind_of(p);
    const tg_requant scale = kind == TG_SUM_SECOND_IS_SCALED ? p->input2_requant : p->input1_requant;
    tg_sum_run by = {-p->input1_zero_point, -p->input2_zero_point, scale.multiplier, 0, 0, {0, 0, 0}};
    if (TG_SIGN > 0 && kind == TG_SUM_SECOND_IS_SCALED) { /* the operands change places */
        by.less1 = -p->input2_zero_point;
        by.less2 = -p->input1_zero_point;
    }
    if (kind != TG_SUM_ANY) {
        by.shift = -scale.shift;
        by.half = (int32_t)((1u << by.shift) >> 1);
        by.output = tg_rescaling_of(p->output_requant, p->output_zero_point);
    }
    const tg_runs runs = tg_runs_of(p->input1, p->input2, p->extent);
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *a = tg_operand_at(p->input1, p->extent, input1, r);
        const int8_t *b = tg_operand_at(p->input2, p->extent, input2, r);
        int8_t *row = tg_output_row(output, p->output, r), *out = row;
        for (int32_t i = 0; i < runs.count; i++, a += runs.steps[0], b += runs.steps[1], out += runs.length) {
            uint32_t room[TG_RUN_WORDS];
            const int8_t *x = tg_run_at(&runs, 0, a, room), *y = tg_run_at(&runs, 1, b, room);
            for (int32_t at = 0; at < runs.length; at += runs.part) {
                const int32_t elements = tg_part_at(&runs, at);
                if (kind == TG_SUM_ANY) {
                    tg_sum_any(p, x, y, out + at, elements);
                } else if (kind == TG_SUM_SAME_SCALE) {
                    tg_sum_same(&by, x, y, out + at, elements);
                } else if (kind == TG_SUM_FIRST_IS_SCALED) {
                    tg_sum_first(&by, x, y, out + at, elements);
                } else {
#if TG_SIGN < 0
                    tg_sum_second(&by, x, y, out + at, elements);
#else
                    tg_sum_first(&by, y, x, out + at, elements);
#endif
                }
                x += elements * runs.units[0];
                y += elements * runs.units[1];
            }
        }
        tg_clamp_bytes(row, runs.count * runs.length, p->output_min, p->output_max);
    }
}

#endif
