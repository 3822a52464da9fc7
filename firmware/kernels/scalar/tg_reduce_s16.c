/* Portable: one output after the other. */
#include "tg_reduce_s16.h"

static int32_t extreme(const tg_reduce_s16_params *p, const int16_t *input) {
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

void tg_reduce_s16(const tg_reduce_s16_params *p, const int16_t *input, int16_t *output) {
    int32_t at[3] = {0, 0, 0}, first = 0;
    for (int32_t o = 0; o < p->reduce.outputs; o++) {
        output[o] = (int16_t)extreme(p, input + first);
        first += tg_reduce_step(&p->reduce.kept, at);
    }
}
