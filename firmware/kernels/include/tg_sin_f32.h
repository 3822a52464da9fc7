/* SIN: output = sin(input), float. */
#ifndef TG_SIN_F32_H
#define TG_SIN_F32_H

#include "tg_elementwise.h"

#define tg_sin_f32 TG_NAME(tg_sin_f32)

typedef struct {
    tg_map map;
} tg_sin_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_sin_f32(const tg_sin_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
