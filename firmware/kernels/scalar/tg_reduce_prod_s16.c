/* Portable: one product after the other. */
#include "tg_reduce_prod_s16.h"

void tg_reduce_prod_s16(const tg_reduce_prod_s16_params *p, const int16_t *input, int16_t *output) {
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        int32_t inner[3] = {0, 0, 0}, place = first, product = 0;
        for (int32_t i = 0; i < p->reduce.terms; i++) {
            const int32_t value = input[place] - p->input_zero_point;
            product = i == 0 ? value : tg_wide_multiply((int64_t)product * value, p->requant);
            place += tg_reduce_step(&p->reduce.reduced, inner);
        }
        const int64_t stored = (int64_t)tg_wide_multiply(product, p->requant) + p->output_zero_point;
        output[o] = (int16_t)(stored < -32768 ? -32768 : stored > 32767 ? 32767 : stored);
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
