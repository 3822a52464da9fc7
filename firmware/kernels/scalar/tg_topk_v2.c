/* Portable: looks for each of them through the whole row, so that no memory is needed. */
#include "tg_topk_v2.h"

/* Whether element a of the row comes before element b. */
static int precedes(const tg_topk_v2_params *p, const void *input, int32_t a, int32_t b) {
    if (p->type == TG_F32) {
        const float x = ((const float *)input)[a], y = ((const float *)input)[b];
        return x > y || (!(y > x) && a < b);
    }
    const int64_t x = tg_integer(input, p->type, a), y = tg_integer(input, p->type, b);
    return x > y || (x == y && a < b);
}

void tg_topk_v2(const tg_topk_v2_params *p, const void *input, int32_t *output) {
    for (int32_t row = 0; row < p->rows; row++) {
        const int32_t first = row * p->size;
        int32_t last = -1; /* the one found before */
        for (int32_t k = 0; k < p->count; k++) {
            int32_t best = -1;
            for (int32_t i = first; i < first + p->size; i++) {
                if ((last < 0 || precedes(p, input, last, i)) && (best < 0 || precedes(p, input, i, best))) {
                    best = i;
                }
            }
            if (best < 0) { /* not-a-numbers have no order; stay inside the row */
                best = first;
            }
            output[row * p->count + k] = best - first;
            last = best;
        }
    }
}
