/* QUANTIZE: output = clamp(round(input / scale) + zero point), halves away from zero, float to uint8. */
#ifndef TG_QUANTIZE_F32_U8_H
#define TG_QUANTIZE_F32_U8_H

#include "tg_elementwise.h"

#define tg_quantize_f32_u8 TG_NAME(tg_quantize_f32_u8)

typedef struct {
    tg_map map;
    float scale;
    int32_t zero_point;
} tg_quantize_f32_u8_params;

/* Computes output rows first .. first + count - 1. Not-a-number becomes the zero point. */
void tg_quantize_f32_u8(const tg_quantize_f32_u8_params *params, const float *input, uint8_t *output, int32_t first,
                        int32_t count);

#endif
