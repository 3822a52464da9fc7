/* One element after the other, rounded without a branch. */
#include "tg_quantize_f32_s8.h"
#include "tg_dsp_round.h"

void tg_quantize_f32_s8(const tg_quantize_f32_s8_params *p, const float *input, int8_t *output, int32_t first,
                        int32_t count) {
    const int32_t start = 2 * p->zero_point + 1;
    const float scale = p->scale;
    for (int32_t r = first; r < first + count; r++) {
        const float *in = (const float *)(const void *)tg_row((const int8_t *)input, p->input, r);
        int8_t *out = tg_output_row(output, p->output, r), *const end = out + p->row_elements;
        while (out != end) {
            *out++ = tg_round_s8(*in++ / scale, start);
        }
    }
}
