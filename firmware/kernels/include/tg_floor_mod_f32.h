/* FLOOR_MOD: output = the remainder of input1 / input2, with the sign of input2, float. */
#ifndef TG_FLOOR_MOD_F32_H
#define TG_FLOOR_MOD_F32_H

#include "tg_elementwise.h"

#define tg_floor_mod_f32 TG_NAME(tg_floor_mod_f32)

typedef struct {
    tg_pairs pairs;
} tg_floor_mod_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_floor_mod_f32(const tg_floor_mod_f32_params *params, const float *input1, const float *input2, float *output,
                      int32_t first, int32_t count);

#endif
