/* SOFTMAX: output[r][i] = exp(x[i] - max) / sum in Q0.15, exp and the reciprocal interpolated in tables, int16. */
#ifndef TG_SOFTMAX_S16_H
#define TG_SOFTMAX_S16_H

#include "tg_fixed.h"

#define tg_softmax_s16 TG_NAME(tg_softmax_s16)

typedef struct {
    const int16_t *exponentials; /* [513], Q0.15: exp(x) for x = -10 .. 0 */
    const int16_t *reciprocals;  /* [513], Q0.15: 1 / (1 + x) for x = 0 .. 1 */
    tg_requant requant;          /* from a difference of inputs to 65535 / 10 of the real one */
    int32_t rows;
    int32_t depth; /* elements that sum to 1; less than 2**16 */
} tg_softmax_s16_params;

/* input, output: [rows][depth] without gaps, and not the same. */
void tg_softmax_s16(const tg_softmax_s16_params *params, const int16_t *input, int16_t *output);

#endif
