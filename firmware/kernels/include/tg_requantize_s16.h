/* Another scale: output = clamp(zero point + requantized(input - zero point)), int16. */
#ifndef TG_REQUANTIZE_S16_H
#define TG_REQUANTIZE_S16_H

#include "tg_elementwise.h"

#define tg_requantize_s16 TG_NAME(tg_requantize_s16)

typedef struct {
    tg_map map;
    int32_t input_zero_point;
    int32_t output_zero_point;
    tg_requant requant;
    int32_t output_min;
    int32_t output_max;
} tg_requantize_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_requantize_s16(const tg_requantize_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                       int32_t count);

#endif
