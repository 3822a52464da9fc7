/* SVDF: the state of every filter moves by one and takes sum(input * weights_feature) at its end;
   output[u] = clamp(bias + sum of the unit's filters' state * weights_time), float. */
#ifndef TG_SVDF_F32_H
#define TG_SVDF_F32_H

#include "tg_common.h"

#define tg_svdf_f32 TG_NAME(tg_svdf_f32)

typedef struct {
    const float *bias; /* [units] */
    int32_t batches;
    int32_t depth; /* inputs of a batch */
    int32_t units;
    int32_t rank;   /* filters of a unit */
    int32_t memory; /* inferences that count */
    float output_min;
    float output_max;
} tg_svdf_f32_params;

/* input: [batches][depth]; weights_feature: [units * rank][depth]; weights_time: [units * rank][memory];
   output: [batches][units]; state: [batches][units * rank][memory], the oldest first, brought up to date. */
void tg_svdf_f32(const tg_svdf_f32_params *params, const float *input, const float *weights_feature,
                 const float *weights_time, float *output, float *state);

#endif
