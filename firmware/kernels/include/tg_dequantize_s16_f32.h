/* DEQUANTIZE: output = scale * (input - zero point), int16 to float. */
#ifndef TG_DEQUANTIZE_S16_F32_H
#define TG_DEQUANTIZE_S16_F32_H

#include "tg_elementwise.h"

#define tg_dequantize_s16_f32 TG_NAME(tg_dequantize_s16_f32)

typedef struct {
    tg_map map;
    float scale;
    int32_t zero_point;
} tg_dequantize_s16_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_dequantize_s16_f32(const tg_dequantize_s16_f32_params *params, const int16_t *input, float *output,
                           int32_t first, int32_t count);

#endif
