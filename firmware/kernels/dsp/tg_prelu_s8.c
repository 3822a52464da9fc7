/* Without 64 bits where the scales allow it. */
#include "tg_prelu_s8.h"
#include "tg_dsp_runs.h"
#include "tg_elementwise.h"

/* What the elements need, kept small for the sake of registers. */
typedef struct {
    int32_t less_x;     /* - zero point of the input */
    int32_t less_y;     /* - zero point of alpha */
    int32_t multiplier; /* of what is not negative */
    int32_t left;
    int32_t shift;
    int32_t half; /* 1 << (shift - 1), or 0 */
    int32_t zero_point;
    tg_rescaling alpha;
} prelu_run;

/* Elements that meet: of each operand the first, and 1, or 0 where the same one meets all. */
typedef struct {
    const int8_t *a;
    const int8_t *b;
    int32_t a_step;
    int32_t b_step;
    int32_t count;
} pairs_run;

/* What tg_multiply makes of 0 .. 255 times a requant: there is no sign to round by. Single rounding drops the lower 32
   bits of the product first, so it keeps a bit to round by. */
static int prepare(const tg_prelu_s8_params *p, prelu_run *by) {
    const int32_t shift = p->identity_requant.shift, right = shift < 0 ? -shift : 0;
    const int32_t spare = TG_ROUNDING_SINGLE && right == 0;
    const prelu_run run = {-p->input_zero_point,
                           -p->alpha_zero_point,
                           p->identity_requant.multiplier,
                           (shift > 0 ? shift : 0) + 1 + spare,
                           right + spare,
                           0,
                           p->output_zero_point,
                           {0, 0, 0}};
    *by = run;
    if (by->left > 20 || !tg_can_rescale(p->alpha_requant, 0, tg_rescale_limit(4, -128, 127))) {
        return 0; /* |product| <= 255 * 255 */
    }
    by->half = (int32_t)((1u << by->shift) >> 1);
    by->alpha = tg_rescaling_of(p->alpha_requant, p->output_zero_point);
    return 1;
}

TG_NEVER_INLINE void compute(const prelu_run *run, const pairs_run *pairs, int8_t *out) {
    const prelu_run by = *run;
    const int8_t *a = pairs->a, *b = pairs->b;
    const int32_t a_step = pairs->a_step, b_step = pairs->b_step;
    for (const int8_t *const end = out + pairs->count; out != end; a += a_step, b += b_step) {
        const int32_t x = *a + by.less_x;
        int32_t stored;
        if (x >= 0) {
#if TG_ROUNDING_SINGLE
            const int32_t high = tg_smmul(x << by.left, by.multiplier);
#else
            const int32_t high = tg_smmulr(x << by.left, by.multiplier);
#endif
            stored = ((high + by.half) >> by.shift) + by.zero_point;
        } else {
            stored = tg_rescale(x * (*b + by.less_y), by.alpha);
        }
        *out++ = (int8_t)tg_ssat8(stored);
    }
}

/* The same for any scales. */
TG_NEVER_INLINE void compute_any(const tg_prelu_s8_params *p, const pairs_run *pairs, int8_t *out) {
    const int8_t *a = pairs->a, *b = pairs->b;
    for (const int8_t *const end = out + pairs->count; out != end; a += pairs->a_step, b += pairs->b_step) {
        const int32_t x = *a - p->input_zero_point;
        const int32_t scaled = x >= 0 ? tg_multiply(x, p->identity_requant)
                                      : tg_multiply(x * (*b - p->alpha_zero_point), p->alpha_requant);
        *out++ = (int8_t)tg_ssat8(scaled + p->output_zero_point);
    }
}

void tg_prelu_s8(const tg_prelu_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
                 int32_t count) {
    const tg_pairs *pairs = &p->pairs;
    const tg_runs runs = tg_runs_of(&pairs->input1, &pairs->input2, &pairs->extent);
    pairs_run run = {input1, input2, runs.units[0], runs.units[1], runs.length};
    prelu_run by;
    const int is_fast = prepare(p, &by);
    for (int32_t r = first; r < first + count; r++) {
        run.a = tg_operand_at(&pairs->input1, &pairs->extent, input1, r);
        run.b = tg_operand_at(&pairs->input2, &pairs->extent, input2, r);
        int8_t *out = tg_output_row(output, pairs->output, r);
        for (int32_t i = 0; i < runs.count; i++, run.a += runs.steps[0], run.b += runs.steps[1], out += runs.length) {
            if (is_fast) {
                compute(&by, &run, out);
            } else {
                compute_any(p, &run, out);
            }
        }
    }
}
