/* Portable: one row after the other into one sum per output. */
#include "tg_fully_connected_rows_s8.h"

void tg_fully_connected_rows_s8(const tg_fully_connected_rows_s8_params *p, const int8_t *input, int8_t *output,
                                int32_t first, int32_t count, void *scratch) {
    const tg_fully_connected_s8_params *d = &p->dense;
    uint32_t *sum = (uint32_t *)scratch; /* wraps as TFLite's registers do */
    for (int32_t o = 0; o < d->outputs && first == 0; o++) {
        sum[o] = (uint32_t)d->bias[o];
    }
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row(input, p->input, r);
        for (int32_t o = 0; o < d->outputs; o++) {
            const int8_t *weights = d->weights + o * d->weights_stride + r * p->row_elements;
            for (int32_t i = 0; i < p->row_elements; i++) {
                sum[o] += (uint32_t)(in[i] * (weights[i] - d->weights_zero_point));
            }
        }
    }
    for (int32_t o = 0; o < d->outputs && first + count == p->rows; o++) {
        const int32_t stored = tg_multiply((int32_t)sum[o], d->requant[o * d->requant_step]) + d->output_zero_point;
        output[o] = (int8_t)tg_clamp(stored, d->output_min, d->output_max);
    }
}
