/* QUANTIZE: output = clamp(round(input / scale) + zero point), halves away from zero, float to int16. */
#ifndef TG_QUANTIZE_F32_S16_H
#define TG_QUANTIZE_F32_S16_H

#include "tg_elementwise.h"

#define tg_quantize_f32_s16 TG_NAME(tg_quantize_f32_s16)

typedef struct {
    tg_map map;
    float scale;
    int32_t zero_point;
} tg_quantize_f32_s16_params;

/* Computes output rows first .. first + count - 1. Not-a-number becomes the zero point. */
void tg_quantize_f32_s16(const tg_quantize_f32_s16_params *params, const float *input, int16_t *output, int32_t first,
                         int32_t count);

#endif
