/* Four sums at a time. */
#include "tg_mean_rows_s8.h"
#include "tg_dsp_sum_rows.h"

void tg_mean_rows_s8(const tg_mean_rows_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                     void *scratch) {
    int32_t *sum = (int32_t *)scratch;
    if (tg_add_rows_by_four(&p->sum, input, first, count, sum)) {
        for (int32_t i = 0; i < p->sum.sums; i++) {
            output[i] = (int8_t)tg_ssat8(tg_multiply(sum[i] - p->zero_point_sum, p->requant) + p->output_zero_point);
        }
    }
}
