/* FLOOR: output = the greatest whole number that is not above input, float. */
#ifndef TG_FLOOR_F32_H
#define TG_FLOOR_F32_H

#include "tg_elementwise.h"

#define tg_floor_f32 TG_NAME(tg_floor_f32)

typedef struct {
    tg_map map;
} tg_floor_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_floor_f32(const tg_floor_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
