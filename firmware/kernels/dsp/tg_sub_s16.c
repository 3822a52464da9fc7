/* Without 64 bits where the scales allow it. */
#include "tg_sub_s16.h"

#define TG_SIGN (-1)
#include "tg_dsp_scaled_sum_s16.h"

void tg_sub_s16(const tg_sub_s16_params *p, const int16_t *input1, const int16_t *input2, int16_t *output,
                int32_t first, int32_t count) {
    const tg_scaled_sum_s16 sum = {p->input1_zero_point, p->input2_zero_point, p->output_zero_point, p->input1_requant,
                                   p->input2_requant,    p->output_requant,    p->output_min,        p->output_max};
    const tg_sum_run_s16 by = tg_sum_run_s16_of(&sum);
    TG_RUNS_S16(tg_sum_of_run_s16(&sum, &by, &run, out))
}
