/* PRELU: output = input1, or input1 * input2 where input1 is negative, float. */
#ifndef TG_PRELU_F32_H
#define TG_PRELU_F32_H

#include "tg_elementwise.h"

#define tg_prelu_f32 TG_NAME(tg_prelu_f32)

typedef struct {
    tg_pairs pairs;
} tg_prelu_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_prelu_f32(const tg_prelu_f32_params *params, const float *input1, const float *input2, float *output,
                  int32_t first, int32_t count);

#endif
