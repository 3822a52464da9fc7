/* DEQUANTIZE: output = scale * (input - zero point), int8 to float. */
#ifndef TG_DEQUANTIZE_S8_F32_H
#define TG_DEQUANTIZE_S8_F32_H

#include "tg_common.h"

#define tg_dequantize_s8_f32 TG_NAME(tg_dequantize_s8_f32)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t row_elements;
    float scale;
    int32_t zero_point;
} tg_dequantize_s8_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_dequantize_s8_f32(const tg_dequantize_s8_f32_params *params, const int8_t *input, float *output, int32_t first,
                          int32_t count);

#endif
