/* REDUCE_PROD: product = product * (input - zero point) * requant, once for every element but the first, and once more
   without an element; output = clamp(zero point + product), int16. */
#ifndef TG_REDUCE_PROD_S16_H
#define TG_REDUCE_PROD_S16_H

#include "tg_reduce.h"
#include "tg_wide.h"

#define tg_reduce_prod_s16 TG_NAME(tg_reduce_prod_s16)

typedef struct {
    tg_reduce reduce;
    tg_requant requant; /* the multiplier is Q0.15 */
    int32_t input_zero_point;
    int32_t output_zero_point;
} tg_reduce_prod_s16_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_prod_s16(const tg_reduce_prod_s16_params *params, const int16_t *input, int16_t *output);

#endif
