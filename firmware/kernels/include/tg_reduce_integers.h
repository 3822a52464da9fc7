/* One value of many along some dimensions, integers of any one type: sum, product, greatest, least, or mean towards 0;
   computed in 64 bits, and wrapped to the type. */
#ifndef TG_REDUCE_INTEGERS_H
#define TG_REDUCE_INTEGERS_H

#include "tg_reduce.h"

#define tg_reduce_integers TG_NAME(tg_reduce_integers)

typedef struct {
    tg_reduce reduce;
    int32_t type;      /* of tg_element.h */
    int32_t operation; /* TG_REDUCE_... */
    int32_t start[2];  /* what no elements make: the lower and the upper half */
} tg_reduce_integers_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_integers(const tg_reduce_integers_params *params, const void *input, void *output);

#endif
