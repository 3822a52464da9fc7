/* ADD: output = clamp(input1 + input2), float. */
#ifndef TG_ADD_F32_H
#define TG_ADD_F32_H

#include "tg_elementwise.h"

#define tg_add_f32 TG_NAME(tg_add_f32)

typedef struct {
    tg_pairs pairs;
    float output_min;
    float output_max;
} tg_add_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_add_f32(const tg_add_f32_params *params, const float *input1, const float *input2, float *output, int32_t first,
                int32_t count);

#endif
