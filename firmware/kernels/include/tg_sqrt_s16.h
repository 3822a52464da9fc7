/* SQRT: output = clamp(zero point + truncated root of the real input / output scale), int16; 0 below 0. */
#ifndef TG_SQRT_S16_H
#define TG_SQRT_S16_H

#include "tg_elementwise.h"

#define tg_sqrt_s16 TG_NAME(tg_sqrt_s16)

typedef struct {
    tg_map map;
    float input_scale;
    float output_scale;
    int32_t input_zero_point;
    int32_t output_zero_point;
} tg_sqrt_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_sqrt_s16(const tg_sqrt_s16_params *params, const int16_t *input, int16_t *output, int32_t first, int32_t count);

#endif
