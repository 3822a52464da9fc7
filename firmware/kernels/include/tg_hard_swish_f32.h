/* HARD_SWISH: output = input * clamp(input + 3, 0, 6) / 6, float. */
#ifndef TG_HARD_SWISH_F32_H
#define TG_HARD_SWISH_F32_H

#include "tg_elementwise.h"

#define tg_hard_swish_f32 TG_NAME(tg_hard_swish_f32)

typedef struct {
    tg_map map;
} tg_hard_swish_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_hard_swish_f32(const tg_hard_swish_f32_params *params, const float *input, float *output, int32_t first,
                       int32_t count);

#endif
