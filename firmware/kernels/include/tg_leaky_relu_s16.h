/* LEAKY_RELU: output = clamp(zero point + input on the output's scale, with alpha below 0), int16. */
#ifndef TG_LEAKY_RELU_S16_H
#define TG_LEAKY_RELU_S16_H

#include "tg_elementwise.h"

#define tg_leaky_relu_s16 TG_NAME(tg_leaky_relu_s16)

typedef struct {
    tg_map map;
    int32_t input_zero_point;
    int32_t output_zero_point;
    tg_requant identity_requant;
    tg_requant alpha_requant; /* its multiplier is negative where alpha is */
} tg_leaky_relu_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_leaky_relu_s16(const tg_leaky_relu_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                       int32_t count);

#endif
