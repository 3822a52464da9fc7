/* FULLY_CONNECTED: output[b][o] = clamp(zero point + requantized sum of input[b][i] * weights[o][i] + bias[o]), int8.
 */
#ifndef TG_FULLY_CONNECTED_S8_H
#define TG_FULLY_CONNECTED_S8_H

#include "tg_common.h"

#define tg_fully_connected_s8 TG_NAME(tg_fully_connected_s8)

typedef struct {
    const int8_t *weights;     /* output o begins at o * weights_stride: [depth] */
    const int32_t *bias;       /* [outputs], with -input_zero_point * sum(weights - zero point) folded in */
    const tg_requant *requant; /* [outputs], or one entry */
    int32_t requant_step;      /* 1 per output, 0 when one entry serves all */
    int32_t batches;
    int32_t depth;
    int32_t outputs;
    int32_t weights_stride; /* bytes from one output's weights to the next; what exceeds depth is zero */
    int32_t weights_zero_point;
    int32_t output_zero_point;
    int32_t output_min;
    int32_t output_max;
} tg_fully_connected_s8_params;

/* input: [batches][depth], output: [batches][outputs], both without gaps. */
void tg_fully_connected_s8(const tg_fully_connected_s8_params *params, const int8_t *input, int8_t *output);

#endif
