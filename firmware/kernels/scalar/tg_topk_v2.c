/* Portable: looks for each of them through the whole row, so that no memory is needed. */
#include "tg_topk_v2.h"

#include "tg_math.h"

/* An integer that is ordered as floats are; of 0 and -0, the same. */
static int32_t order_of(uint32_t bits) {
    const int32_t magnitude = (int32_t)(bits & 0x7fffffffu);
    return bits >> 31 != 0 ? -magnitude : magnitude;
}

static int is_number(uint32_t bits) {
    return (bits & 0x7fffffffu) <= 0x7f800000u;
}

/* Whether element a of the row comes before element b. Floats are told apart by their bits: no code for floats. */
static int precedes(const tg_topk_v2_params *p, const void *input, int32_t a, int32_t b) {
    if (p->type == TG_F32) {
        const uint32_t x = tg_bits_of(((const float *)input)[a]), y = tg_bits_of(((const float *)input)[b]);
        const int are_ordered = is_number(x) && is_number(y) && order_of(x) != order_of(y);
        return are_ordered ? order_of(x) > order_of(y) : a < b;
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
