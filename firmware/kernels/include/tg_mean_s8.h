/* MEAN: output = clamp(zero point + requantized sum of (input - zero point)) along some dimensions, int8. */
#ifndef TG_MEAN_S8_H
#define TG_MEAN_S8_H

#include "tg_common.h"

#define tg_mean_s8 TG_NAME(tg_mean_s8)

typedef struct {
    int32_t kept[3];        /* dimensions that stay, outer first, neighbours merged; 1 where there are fewer */
    int32_t kept_stride[3]; /* elements from one to the next in the input */
    int32_t reduced[3];     /* dimensions that are averaged over */
    int32_t reduced_stride[3];
    int32_t zero_point_sum; /* the input's zero point times the number of elements in a mean */
    tg_requant requant;     /* 1 / that number is folded in */
    int32_t output_zero_point;
} tg_mean_s8_params;

/* input: the whole tensor without gaps; output: [kept] without gaps. */
void tg_mean_s8(const tg_mean_s8_params *params, const int8_t *input, int8_t *output);

#endif
