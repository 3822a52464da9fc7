/* GELU: output = input * the normal distribution up to input, exactly or by tanh, float. */
#ifndef TG_GELU_F32_H
#define TG_GELU_F32_H

#include "tg_elementwise.h"

#define tg_gelu_f32 TG_NAME(tg_gelu_f32)

typedef struct {
    tg_map map;
    int32_t approximate; /* 0: by the error function, 1: by tanh */
} tg_gelu_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_gelu_f32(const tg_gelu_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
