/* What the kernels of CUMSUM share: which elements follow each other. */
#ifndef TG_CUMSUM_H
#define TG_CUMSUM_H

#include "tg_common.h"

typedef struct {
    int32_t outer;
    int32_t size; /* of the axis */
    int32_t inner;
    int32_t exclusive; /* 1: an element's own value is not in its sum */
    int32_t reverse;   /* 1: from the last to the first */
} tg_cumsum;

/* Where element j of a sum over [size][inner] is, from the sum's first element in memory. */
static inline int32_t tg_cumsum_at(const tg_cumsum *p, int32_t j) {
    return (p->reverse ? p->size - 1 - j : j) * p->inner;
}

#endif
