/* QUANTIZE between integers: output = clamp(zero point + requantized(input - zero point)). */
#ifndef TG_REQUANTIZE_H
#define TG_REQUANTIZE_H

#include "tg_element.h"
#include "tg_elementwise.h"

#define tg_requantize TG_NAME(tg_requantize)

typedef struct {
    tg_map map;
    int32_t input_type; /* of tg_element.h: integers of at most 32 bits */
    int32_t output_type;
    int32_t input_zero_point;
    int32_t output_zero_point;
    tg_requant requant;
    int32_t output_min;
    int32_t output_max;
} tg_requantize_params;

/* Computes output rows first .. first + count - 1. */
void tg_requantize(const tg_requantize_params *params, const void *input, void *output, int32_t first, int32_t count);

#endif
