/* Portable: one output after the other, its elements in the order of memory, each step rounded to single precision. */
#include "tg_reduce_f32.h"

void tg_reduce_f32(const tg_reduce_f32_params *p, const float *input, float *output) {
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        int32_t inner[3] = {0, 0, 0}, place = first;
        float result = p->start;
        for (int32_t i = 0; i < p->reduce.terms; i++) {
            result = tg_joined_floats(p->operation, result, input[place]);
            place += tg_reduce_step(&p->reduce.reduced, inner);
        }
        output[o] = p->operation == TG_REDUCE_MEAN ? result / (float)p->reduce.terms : result;
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
