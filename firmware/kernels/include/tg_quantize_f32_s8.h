/* QUANTIZE: output = clamp(round(input / scale) + zero point), halves away from zero, float to int8. */
#ifndef TG_QUANTIZE_F32_S8_H
#define TG_QUANTIZE_F32_S8_H

#include "tg_common.h"

#define tg_quantize_f32_s8 TG_NAME(tg_quantize_f32_s8)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t row_elements;
    float scale;
    int32_t zero_point;
} tg_quantize_f32_s8_params;

/* Computes output rows first .. first + count - 1. Not-a-number becomes the zero point. */
void tg_quantize_f32_s8(const tg_quantize_f32_s8_params *params, const float *input, int8_t *output, int32_t first,
                        int32_t count);

#endif
