/* Without 64 bits where the scales allow it. */
#include "tg_mul_s16.h"
#include "tg_dsp_runs_s16.h"

/* |product| <= 2**30 */
TG_NEVER_INLINE void multiply(const tg_mul_s16_params *p, const tg_rescaling *output, const tg_run_s16 *run,
                              int16_t *out) {
    const tg_run_s16 at = *run;
    const tg_rescaling by = *output;
    const int32_t low = p->output_min, high = p->output_max;
    const int16_t *a = at.a, *b = at.b;
    for (const int16_t *const end = out + at.count; out != end; a += at.a_step, b += at.b_step) {
        *out++ = (int16_t)tg_clamp(tg_rescale(*a * *b, by), low, high);
    }
}

/* The same for any scales. */
TG_NEVER_INLINE void multiply_any(const tg_mul_s16_params *p, const tg_run_s16 *run, int16_t *out) {
    const int16_t *a = run->a, *b = run->b;
    for (const int16_t *const end = out + run->count; out != end; a += run->a_step, b += run->b_step) {
        const int32_t result = (*a - p->input1_zero_point) * (*b - p->input2_zero_point);
        const int32_t stored = tg_multiply(result, p->output_requant) + p->output_zero_point;
        *out++ = (int16_t)tg_clamp(stored, p->output_min, p->output_max);
    }
}

void tg_mul_s16(const tg_mul_s16_params *p, const int16_t *input1, const int16_t *input2, int16_t *output,
                int32_t first, int32_t count) {
    const int is_centred = p->input1_zero_point == 0 && p->input2_zero_point == 0 && p->output_zero_point == 0;
    const int is_fast = is_centred && tg_can_rescale(p->output_requant, 0, tg_rescale_limit(0, -128, 127));
    tg_rescaling by = {0, 0, 0};
    if (is_fast) {
        by = tg_rescaling_of(p->output_requant, 0);
    }
    TG_RUNS_S16(is_fast ? multiply(p, &by, &run, out) : multiply_any(p, &run, out))
}
