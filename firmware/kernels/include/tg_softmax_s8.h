/* SOFTMAX: output[r][i] = exp(x[i] - max) / sum, in Q0.8 less 128, by TFLite's fixed-point arithmetic. */
#ifndef TG_SOFTMAX_S8_H
#define TG_SOFTMAX_S8_H

#include "tg_common.h"

#define tg_softmax_s8 TG_NAME(tg_softmax_s8)

typedef struct {
    const int32_t *exponentials; /* [entries], Q0.31: exp(-beta * scale * i); what lies beyond is 0 */
    int32_t entries;             /* 1 .. 256 */
    int32_t rows;
    int32_t depth; /* elements that sum to 1 */
} tg_softmax_s8_params;

/* input, output: [rows][depth] without gaps. */
void tg_softmax_s8(const tg_softmax_s8_params *params, const int8_t *input, int8_t *output);

#endif
