/* REDUCE_PROD: product = product * (input - zero point) * requant, once for every element but the first, and once more
   without an element; output = clamp(zero point + product), int8. */
#ifndef TG_REDUCE_PROD_S8_H
#define TG_REDUCE_PROD_S8_H

#include "tg_reduce.h"
#include "tg_wide.h"

#define tg_reduce_prod_s8 TG_NAME(tg_reduce_prod_s8)

typedef struct {
    tg_reduce reduce;
    tg_requant requant; /* the multiplier is Q0.15 */
    int32_t input_zero_point;
    int32_t output_zero_point;
} tg_reduce_prod_s8_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_reduce_prod_s8(const tg_reduce_prod_s8_params *params, const int8_t *input, int8_t *output);

#endif
