/* MEAN, SUM: output = clamp(zero point + requantized sum of the elements) along some dimensions, int16. */
#ifndef TG_MEAN_S16_H
#define TG_MEAN_S16_H

#include "tg_reduce.h"

#define tg_mean_s16 TG_NAME(tg_mean_s16)

typedef struct {
    tg_reduce reduce;
    tg_requant requant; /* for MEAN, 1 / the number of elements is folded in */
    int32_t output_zero_point;
} tg_mean_s16_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. The sum wraps as an int32 register does. */
void tg_mean_s16(const tg_mean_s16_params *params, const int16_t *input, int16_t *output);

#endif
