/* SQUARED_DIFFERENCE: output = (input1 - input2) squared, float. */
#ifndef TG_SQUARED_DIFFERENCE_F32_H
#define TG_SQUARED_DIFFERENCE_F32_H

#include "tg_elementwise.h"

#define tg_squared_difference_f32 TG_NAME(tg_squared_difference_f32)

typedef struct {
    tg_pairs pairs;
} tg_squared_difference_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_squared_difference_f32(const tg_squared_difference_f32_params *params, const float *input1, const float *input2,
                               float *output, int32_t first, int32_t count);

#endif
