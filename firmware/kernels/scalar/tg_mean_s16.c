/* Portable: one sum after the other. */
#include "tg_mean_s16.h"

void tg_mean_s16(const tg_mean_s16_params *p, const int16_t *input, int16_t *output) {
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        int32_t inner[3] = {0, 0, 0}, place = first;
        uint32_t sum = 0;
        for (int32_t i = 0; i < p->reduce.terms; i++) {
            const int32_t value = input[place];
            sum += (uint32_t)value;
            place += tg_reduce_step(&p->reduce.reduced, inner);
        }
        output[o] = (int16_t)tg_clamp(tg_multiply((int32_t)sum, p->requant) + p->output_zero_point, -32768, 32767);
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
