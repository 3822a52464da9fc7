/* LEAKY_RELU: output = input, or alpha * input where that is not positive, float. */
#ifndef TG_LEAKY_RELU_F32_H
#define TG_LEAKY_RELU_F32_H

#include "tg_elementwise.h"

#define tg_leaky_relu_f32 TG_NAME(tg_leaky_relu_f32)

typedef struct {
    tg_map map;
    float alpha;
} tg_leaky_relu_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_leaky_relu_f32(const tg_leaky_relu_f32_params *params, const float *input, float *output, int32_t first,
                       int32_t count);

#endif
