/* L2_NORMALIZATION: output[r][i] = x[i] / max(sqrt(sum of x * x), 1e-6), float. */
#ifndef TG_L2_NORMALIZATION_F32_H
#define TG_L2_NORMALIZATION_F32_H

#include "tg_common.h"

#define tg_l2_normalization_f32 TG_NAME(tg_l2_normalization_f32)

typedef struct {
    int32_t rows;
    int32_t depth;
} tg_l2_normalization_f32_params;

/* input, output: [rows][depth] without gaps; they may be the same. */
void tg_l2_normalization_f32(const tg_l2_normalization_f32_params *params, const float *input, float *output);

#endif
