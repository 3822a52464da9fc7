/* SIGN: output = 1, 0 or -1 with the sign of input, float. */
#ifndef TG_SIGN_F32_H
#define TG_SIGN_F32_H

#include "tg_elementwise.h"

#define tg_sign_f32 TG_NAME(tg_sign_f32)

typedef struct {
    tg_map map;
} tg_sign_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_sign_f32(const tg_sign_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
