/* FULLY_CONNECTED: output[b][o] = clamp(requantized sum of input[b][i] * weights[o][i] + bias[o]), int16 with int8
   weights. */
#ifndef TG_FULLY_CONNECTED_S16_H
#define TG_FULLY_CONNECTED_S16_H

#include "tg_wide.h"

#define tg_fully_connected_s16 TG_NAME(tg_fully_connected_s16)

typedef struct {
    const int8_t *weights;     /* [outputs][depth] */
    const int64_t *bias;       /* [outputs] */
    const tg_requant *requant; /* [outputs], or one entry; for tg_wide_or_narrow_multiply */
    int32_t requant_step;      /* 1 per output, 0 when one entry serves all */
    int32_t narrow;            /* 1: sums wrap to 32 bits, as TFLite's do when the bias has 32 bits; else 0 */
    int32_t batches;
    int32_t depth;
    int32_t outputs;
    int32_t output_min;
    int32_t output_max;
} tg_fully_connected_s16_params;

/* input: [batches][depth], output: [batches][outputs], both without gaps. */
void tg_fully_connected_s16(const tg_fully_connected_s16_params *params, const int16_t *input, int16_t *output);

#endif
