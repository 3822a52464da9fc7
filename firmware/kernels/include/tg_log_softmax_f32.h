/* LOG_SOFTMAX: output[r][i] = x[i] - max - log(sum of exp(x - max)), float. */
#ifndef TG_LOG_SOFTMAX_F32_H
#define TG_LOG_SOFTMAX_F32_H

#include "tg_common.h"

#define tg_log_softmax_f32 TG_NAME(tg_log_softmax_f32)

typedef struct {
    int32_t rows;
    int32_t depth; /* elements that belong together */
} tg_log_softmax_f32_params;

/* input, output: [rows][depth] without gaps; they may be the same. */
void tg_log_softmax_f32(const tg_log_softmax_f32_params *params, const float *input, float *output);

#endif
