/* Four sums at a time. */
#include "tg_average_rows_s8.h"
#include "tg_dsp_sum_rows.h"

void tg_average_rows_s8(const tg_average_rows_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                        int32_t count, void *scratch) {
    int32_t *sum = (int32_t *)scratch;
    if (tg_add_rows_by_four(&p->sum, input, first, count, sum)) {
        for (int32_t i = 0; i < p->sum.sums; i++) {
            const int32_t half = sum[i] > 0 ? p->taps / 2 : -(p->taps / 2);
            output[i] = (int8_t)tg_clamp((sum[i] + half) / p->taps, p->output_min, p->output_max);
        }
    }
}
