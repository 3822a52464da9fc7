/* DEQUANTIZE: output = input, from a float of 16 bits to one of 32. */
#ifndef TG_DEQUANTIZE_F16_F32_H
#define TG_DEQUANTIZE_F16_F32_H

#include "tg_elementwise.h"

#define tg_dequantize_f16_f32 TG_NAME(tg_dequantize_f16_f32)

typedef struct {
    tg_map map;
} tg_dequantize_f16_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_dequantize_f16_f32(const tg_dequantize_f16_f32_params *params, const uint16_t *input, float *output,
                           int32_t first, int32_t count);

#endif
