/* SOFTMAX: output[r][i] = exp(beta * (x[i] - max)) / their sum, float. */
#ifndef TG_SOFTMAX_F32_H
#define TG_SOFTMAX_F32_H

#include "tg_common.h"

#define tg_softmax_f32 TG_NAME(tg_softmax_f32)

typedef struct {
    int32_t rows;
    int32_t depth; /* elements that belong together */
    float beta;
} tg_softmax_f32_params;

/* input, output: [rows][depth] without gaps; they may be the same. */
void tg_softmax_f32(const tg_softmax_f32_params *params, const float *input, float *output);

#endif
