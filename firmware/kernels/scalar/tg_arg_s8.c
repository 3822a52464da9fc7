/* Portable: one output after the other. */
#include "tg_arg_s8.h"

void tg_arg_s8(const tg_arg_s8_params *p, const int8_t *input, void *output) {
    for (int32_t o = 0; o < p->outer; o++) {
        const int8_t *in = input + o * p->size * p->inner;
        for (int32_t i = 0; i < p->inner; i++) {
            int8_t best = in[i];
            int32_t found = 0;
            for (int32_t j = 1; j < p->size; j++) {
                const int8_t value = in[j * p->inner + i];
                if (p->is_max ? value > best : value < best) {
                    best = value;
                    found = j;
                }
            }
            tg_arg_store(p, output, o * p->inner + i, found);
        }
    }
}
