/* SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN: output = start op element op element ... along some dimensions, int32 that
 * wraps. */
#ifndef TG_REDUCE_S32_H
#define TG_REDUCE_S32_H

#include "tg_reduce.h"

#define tg_reduce_s32 TG_NAME(tg_reduce_s32)

typedef struct {
    tg_reduce reduce;
    int32_t operation; /* TG_REDUCE_SUM, ..._PRODUCT, ..._MAX or ..._MIN */
    int32_t start;     /* the result of no elements */
} tg_reduce_s32_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_s32(const tg_reduce_s32_params *params, const int32_t *input, int32_t *output);

#endif
