/* L2_NORMALIZATION: output[r][i] = x[i] / sqrt(sum of x * x) in Q0.7, x = input - zero point, by TFLite's fixed-point
   arithmetic. */
#ifndef TG_L2_NORMALIZATION_S8_H
#define TG_L2_NORMALIZATION_S8_H

#include "tg_fixed.h"

#define tg_l2_normalization_s8 TG_NAME(tg_l2_normalization_s8)

typedef struct {
    int32_t rows;
    int32_t depth;
    int32_t zero_point; /* the input's */
} tg_l2_normalization_s8_params;

/* input, output: [rows][depth] without gaps; they may be the same. */
void tg_l2_normalization_s8(const tg_l2_normalization_s8_params *params, const int8_t *input, int8_t *output);

#endif
