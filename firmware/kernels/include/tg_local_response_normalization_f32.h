/* LOCAL_RESPONSE_NORMALIZATION: output[c] = input[c] / (bias + alpha * sum of input[c - radius .. c + radius -
 * 1]**2)**beta. */
#ifndef TG_LOCAL_RESPONSE_NORMALIZATION_F32_H
#define TG_LOCAL_RESPONSE_NORMALIZATION_F32_H

#include "tg_common.h"

#define tg_local_response_normalization_f32 TG_NAME(tg_local_response_normalization_f32)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t pixels; /* of a row */
    int32_t channels;
    int32_t radius;
    float bias;
    float alpha;
    float beta;
} tg_local_response_normalization_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_local_response_normalization_f32(const tg_local_response_normalization_f32_params *params, const float *input,
                                         float *output, int32_t first, int32_t count);

#endif
