/* What SOFTMAX and LOG_SOFTMAX of int8 share: the exponentials of a row, in a table, and their sum. */
#ifndef TG_SOFTMAX_H
#define TG_SOFTMAX_H

#include "tg_fixed.h"

typedef struct {
    const int32_t *exponentials; /* [entries], Q0.31: exp(-beta * scale * i); what lies beyond is 0 */
    int32_t entries;             /* 1 .. 256 */
    int32_t rows;
    int32_t depth; /* elements that sum to 1 */
} tg_softmax_rows;

static inline int32_t tg_softmax_largest(const int8_t *input, int32_t depth) {
    int32_t largest = -128;
    for (int32_t i = 0; i < depth; i++) {
        largest = input[i] > largest ? input[i] : largest;
    }
    return largest;
}

/* The sum of the row's exponentials in Q12.19. The largest element adds 2**19, so it is positive; 4096 or more such
   elements saturate. */
static inline int32_t tg_softmax_sum(const tg_softmax_rows *p, const int8_t *input, int32_t largest) {
    int64_t sum = 0;
    for (int32_t i = 0; i < p->depth; i++) {
        const int32_t below = largest - input[i];
        sum += below < p->entries ? tg_rounding_shift(p->exponentials[below], 12) : 0;
    }
    return tg_saturate(sum);
}

#endif
