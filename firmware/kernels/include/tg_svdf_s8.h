/* SVDF: the state of every filter moves by one and takes clamp(requantized sum(input * weights_feature)) + zero point,
   which wraps, at its end;
   output[u] = clamp(zero point + requantized (bias + sum of the unit's filters' state * weights_time)), int8. */
#ifndef TG_SVDF_S8_H
#define TG_SVDF_S8_H

#include "tg_common.h"

#define tg_svdf_s8 TG_NAME(tg_svdf_s8)

typedef struct {
    const int32_t *bias; /* [units] */
    int32_t batches;
    int32_t depth; /* inputs of a batch */
    int32_t units;
    int32_t rank;       /* filters of a unit */
    int32_t memory;     /* inferences that count */
    tg_requant feature; /* from the sums over the input to the state's scale */
    tg_requant requant; /* from the sums over time to the output's scale */
    int32_t input_zero_point;
    int32_t state_zero_point;
    int32_t state_is_wide; /* 1: weights_time and state are int16; 0: int8 */
    int32_t output_zero_point;
} tg_svdf_s8_params;

/* input: [batches][depth]; weights_feature: [units * rank][depth]; weights_time: [units * rank][memory];
   output: [batches][units]; state: [batches][units * rank][memory], the oldest first, brought up to date. */
void tg_svdf_s8(const tg_svdf_s8_params *params, const int8_t *input, const int8_t *weights_feature,
                const void *weights_time, int8_t *output, void *state);

#endif
