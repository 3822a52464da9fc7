/* Portable: one element after the other. */
#include "tg_add_s8.h"

/* |x - zero point| <= 255, so the widened value is below 2**28. */
static int32_t scaled(int32_t x, int32_t zero_point, tg_requant requant) {
    return tg_multiply((x - zero_point) * (1 << 20), requant);
}

void tg_add_s8(const tg_add_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *a = tg_row(input1, p->input1.ring, tg_operand_row(&p->input1, &p->extent, r));
        const int8_t *b = tg_row(input2, p->input2.ring, tg_operand_row(&p->input2, &p->extent, r));
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < p->extent.columns; x++) {
            for (int32_t c = 0; c < p->extent.channels; c++) {
                const int32_t sum = scaled(a[c * p->input1.channel_step], p->input1_zero_point, p->input1_requant) +
                                    scaled(b[c * p->input2.channel_step], p->input2_zero_point, p->input2_requant);
                const int32_t stored = tg_multiply(sum, p->output_requant) + p->output_zero_point;
                *out++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
            }
            a += p->input1.column_step;
            b += p->input2.column_step;
        }
    }
}
