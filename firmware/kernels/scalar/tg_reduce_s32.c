/* Portable: one output after the other. */
#include "tg_reduce_s32.h"

void tg_reduce_s32(const tg_reduce_s32_params *p, const int32_t *input, int32_t *output) {
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        int32_t inner[3] = {0, 0, 0}, place = first, result = p->start;
        for (int32_t i = 0; i < p->reduce.terms; i++) {
            result = tg_joined(p->operation, result, input[place]);
            place += tg_reduce_step(&p->reduce.reduced, inner);
        }
        output[o] = result;
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
