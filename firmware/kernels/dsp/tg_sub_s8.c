/* Four elements at a time, without 64 bits. */
#include "tg_sub_s8.h"

#define TG_SIGN (-1)
#include "tg_dsp_scaled_sum.h"

void tg_sub_s8(const tg_sub_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    const tg_pairs *pairs = &p->pairs;
    const tg_scaled_sum sum = {&pairs->input1,       &pairs->input2,       &pairs->extent,       pairs->output,
                               p->input1_zero_point, p->input2_zero_point, p->output_zero_point, p->input1_requant,
                               p->input2_requant,    p->output_requant,    p->output_min,        p->output_max};
    tg_scaled_sum_rows(&sum, input1, input2, output, first, count);
}
