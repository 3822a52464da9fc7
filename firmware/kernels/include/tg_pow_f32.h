/* POW: output = input1 to the power of input2, float. */
#ifndef TG_POW_F32_H
#define TG_POW_F32_H

#include "tg_elementwise.h"

#define tg_pow_f32 TG_NAME(tg_pow_f32)

typedef struct {
    tg_pairs pairs;
} tg_pow_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_pow_f32(const tg_pow_f32_params *params, const float *input1, const float *input2, float *output, int32_t first,
                int32_t count);

#endif
