/* RELU and its kin: output = clamp(input), float. */
#ifndef TG_CLAMP_F32_H
#define TG_CLAMP_F32_H

#include "tg_elementwise.h"

#define tg_clamp_f32 TG_NAME(tg_clamp_f32)

typedef struct {
    tg_map map;
    float output_min;
    float output_max;
} tg_clamp_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_clamp_f32(const tg_clamp_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
