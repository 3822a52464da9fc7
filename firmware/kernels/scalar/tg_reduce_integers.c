/* Portable: one output after the other, told apart for each element. */
#include "tg_reduce_integers.h"

#include "tg_element.h"

void tg_reduce_integers(const tg_reduce_integers_params *p, const void *input, void *output) {
    const uint64_t start = (uint64_t)(uint32_t)p->start[1] << 32 | (uint32_t)p->start[0];
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        int32_t inner[3] = {0, 0, 0}, place = first;
        int64_t result = (int64_t)start;
        for (int32_t i = 0; i < p->reduce.terms; i++) {
            result = tg_joined_wide(p->operation, result, tg_integer(input, p->type, place));
            place += tg_reduce_step(&p->reduce.reduced, inner);
        }
        tg_store_integer(output, p->type, o, p->operation == TG_REDUCE_MEAN ? result / p->reduce.terms : result);
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
