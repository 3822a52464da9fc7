/* REDUCE_MAX, REDUCE_MIN: output = the greatest or least of start and the elements along some dimensions, int8 or bool.
 */
#ifndef TG_REDUCE_S8_H
#define TG_REDUCE_S8_H

#include "tg_reduce.h"

#define tg_reduce_s8 TG_NAME(tg_reduce_s8)

typedef struct {
    tg_reduce reduce;
    int32_t operation; /* TG_REDUCE_MAX or TG_REDUCE_MIN */
    int32_t start;     /* the result of no elements */
} tg_reduce_s8_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_s8(const tg_reduce_s8_params *params, const void *input, void *output);

#endif
