/* CEIL: output = the least whole number that is not below input, float. */
#ifndef TG_CEIL_F32_H
#define TG_CEIL_F32_H

#include "tg_elementwise.h"

#define tg_ceil_f32 TG_NAME(tg_ceil_f32)

typedef struct {
    tg_map map;
} tg_ceil_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_ceil_f32(const tg_ceil_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
