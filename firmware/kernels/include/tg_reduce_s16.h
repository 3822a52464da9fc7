/* REDUCE_MAX, REDUCE_MIN: output = the greatest or least of start and the elements along some dimensions, int16. */
#ifndef TG_REDUCE_S16_H
#define TG_REDUCE_S16_H

#include "tg_reduce.h"

#define tg_reduce_s16 TG_NAME(tg_reduce_s16)

typedef struct {
    tg_reduce reduce;
    int32_t operation; /* TG_REDUCE_MAX or TG_REDUCE_MIN */
    int32_t start;     /* the result of no elements */
} tg_reduce_s16_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_s16(const tg_reduce_s16_params *params, const int16_t *input, int16_t *output);

#endif
