/* FLOOR_DIV: output = input1 / input2 rounded down, float. */
#ifndef TG_FLOOR_DIV_F32_H
#define TG_FLOOR_DIV_F32_H

#include "tg_elementwise.h"

#define tg_floor_div_f32 TG_NAME(tg_floor_div_f32)

typedef struct {
    tg_pairs pairs;
} tg_floor_div_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_floor_div_f32(const tg_floor_div_f32_params *params, const float *input1, const float *input2, float *output,
                      int32_t first, int32_t count);

#endif
