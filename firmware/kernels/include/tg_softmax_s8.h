/* SOFTMAX: output[r][i] = exp(x[i] - max) / sum, in Q0.8 less 128, by TFLite's fixed-point arithmetic. */
#ifndef TG_SOFTMAX_S8_H
#define TG_SOFTMAX_S8_H

#include "tg_softmax.h"

#define tg_softmax_s8 TG_NAME(tg_softmax_s8)

typedef tg_softmax_rows tg_softmax_s8_params;

/* input, output: [rows][depth] without gaps. */
void tg_softmax_s8(const tg_softmax_s8_params *params, const int8_t *input, int8_t *output);

#endif
