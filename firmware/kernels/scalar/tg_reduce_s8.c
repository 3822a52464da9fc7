/* Portable: one output after the other. */
#include "tg_reduce_s8.h"

static int32_t extreme(const tg_reduce_s8_params *p, const int8_t *input) {
    int32_t at[3] = {0, 0, 0}, best = p->start;
    for (int32_t i = 0; i < p->reduce.terms; i++) {
        const int32_t value = *input;
        if (p->operation == TG_REDUCE_MAX ? value > best : value < best) {
            best = value;
        }
        input += tg_reduce_step(&p->reduce.reduced, at);
    }
    return best;
}

void tg_reduce_s8(const tg_reduce_s8_params *p, const void *input, void *output) {
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        ((int8_t *)output)[o] = (int8_t)extreme(p, (const int8_t *)input + first);
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
