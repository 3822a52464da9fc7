/* SOFTMAX: output[r][i] = exp(x[i] - max) / sum, in Q0.16 less 32768, by TFLite's fixed-point arithmetic, int8 to
 * int16. */
#ifndef TG_SOFTMAX_S8_S16_H
#define TG_SOFTMAX_S8_S16_H

#include "tg_softmax.h"

#define tg_softmax_s8_s16 TG_NAME(tg_softmax_s8_s16)

typedef tg_softmax_rows tg_softmax_s8_s16_params;

/* input, output: [rows][depth] without gaps. */
void tg_softmax_s8_s16(const tg_softmax_s8_s16_params *params, const int8_t *input, int16_t *output);

#endif
