/* Four elements at a time, without 64 bits where the products are small enough for that. */
#include "tg_mul_s8.h"
#include "tg_dsp_runs_s8.h"

/* What a run of elements needs, kept small for the sake of registers. */
typedef struct {
    int32_t less1; /* - zero point of input1 */
    int32_t less2;
    tg_rescaling output;
} mul_run;

/* x and y less their zero points: |product| <= 255 * 255. */
TG_ALWAYS_INLINE int8_t product(const mul_run *by, int32_t x, int32_t y) {
    return (int8_t)tg_ssat8(tg_rescale(x * y, by->output));
}

TG_NEVER_INLINE void multiply(const mul_run *run, const int8_t *a, const int8_t *b, int8_t *out, int32_t count) {
    const mul_run by = *run;
    const int8_t *end = out + count;
#if !TG_SMALL
    for (const int8_t *last = out + (count & ~3); out != last; out += 4) {
        const uint32_t x = tg_load_word(a), y = tg_load_word(b);
        a += 4;
        b += 4;
        out[0] = product(&by, tg_sxtab_0(by.less1, x), tg_sxtab_0(by.less2, y));
        out[1] = product(&by, tg_sxtab_1(by.less1, x), tg_sxtab_1(by.less2, y));
        out[2] = product(&by, tg_sxtab_2(by.less1, x), tg_sxtab_2(by.less2, y));
        out[3] = product(&by, tg_sxtab_3(by.less1, x), tg_sxtab_3(by.less2, y));
    }
#endif
    while (out != end) {
        *out++ = product(&by, by.less1 + *a++, by.less2 + *b++);
    }
}

/* The same for any scales. */
TG_NEVER_INLINE void multiply_any(const tg_mul_s8_params *p, const int8_t *a, const int8_t *b, int8_t *out,
                                  int32_t count) {
    for (; count > 0; count--) {
        const int32_t result = (*a++ - p->input1_zero_point) * (*b++ - p->input2_zero_point);
        *out++ = (int8_t)tg_clamp(tg_multiply(result, p->output_requant) + p->output_zero_point, -128, 127);
    }
}

void tg_mul_s8(const tg_mul_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    const tg_pairs *pairs = &p->pairs;
    const int is_fast = tg_can_rescale(p->output_requant, 0, tg_rescale_limit(4, -128, 127));
    mul_run by = {-p->input1_zero_point, -p->input2_zero_point, {0, 0, 0}};
    if (is_fast) {
        by.output = tg_rescaling_of(p->output_requant, p->output_zero_point);
    }
    const tg_runs runs = tg_runs_of(&pairs->input1, &pairs->input2, &pairs->extent);
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *a = tg_operand_at(&pairs->input1, &pairs->extent, input1, r);
        const int8_t *b = tg_operand_at(&pairs->input2, &pairs->extent, input2, r);
        int8_t *row = tg_output_row(output, pairs->output, r), *out = row;
        for (int32_t i = 0; i < runs.count; i++, a += runs.steps[0], b += runs.steps[1], out += runs.length) {
            uint32_t room[TG_RUN_WORDS];
            const int8_t *x = tg_run_at(&runs, 0, a, room), *y = tg_run_at(&runs, 1, b, room);
            for (int32_t at = 0; at < runs.length; at += runs.part) {
                const int32_t elements = tg_part_at(&runs, at);
                if (is_fast) {
                    multiply(&by, x, y, out + at, elements);
                } else {
                    multiply_any(p, x, y, out + at, elements);
                }
                x += elements * runs.units[0];
                y += elements * runs.units[1];
            }
        }
        tg_clamp_bytes(row, runs.count * runs.length, p->output_min, p->output_max);
    }
}
