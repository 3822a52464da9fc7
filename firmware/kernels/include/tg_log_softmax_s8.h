/* LOG_SOFTMAX: output[r][i] = x[i] - max - log(sum of exp(x - max)), in Q4.4 plus 127, by TFLite's fixed-point
   arithmetic. */
#ifndef TG_LOG_SOFTMAX_S8_H
#define TG_LOG_SOFTMAX_S8_H

#include "tg_softmax.h"

#define tg_log_softmax_s8 TG_NAME(tg_log_softmax_s8)

typedef struct {
    tg_softmax_rows softmax;
    const int32_t *differences; /* [entries], Q5.26: -scale * i; the output of what lies beyond is -128 */
} tg_log_softmax_s8_params;

/* input, output: [rows][depth] without gaps. */
void tg_log_softmax_s8(const tg_log_softmax_s8_params *params, const int8_t *input, int8_t *output);

#endif
