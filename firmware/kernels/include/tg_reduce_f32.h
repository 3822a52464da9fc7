/* SUM, MEAN, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN: output = start op element op element ... along some dimensions,
 * float. */
#ifndef TG_REDUCE_F32_H
#define TG_REDUCE_F32_H

#include "tg_reduce.h"

#define tg_reduce_f32 TG_NAME(tg_reduce_f32)

typedef struct {
    tg_reduce reduce;
    int32_t operation; /* TG_REDUCE_SUM, ..._PRODUCT, ..._MAX, ..._MIN or ..._MEAN */
    float start;       /* the result of no elements */
} tg_reduce_f32_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_f32(const tg_reduce_f32_params *params, const float *input, float *output);

#endif
