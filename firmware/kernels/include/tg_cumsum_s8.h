/* CUMSUM: output[i] = clamp(zero point + requantized (sum of (input - zero point)) along an axis), int8; the sum begins
   with minus the zero point, as TFLite Micro's. */
#ifndef TG_CUMSUM_S8_H
#define TG_CUMSUM_S8_H

#include "tg_cumsum.h"

#define tg_cumsum_s8 TG_NAME(tg_cumsum_s8)

typedef struct {
    tg_cumsum axis;
    tg_requant requant; /* from 2**19 times the sum, which wraps as an int32 register does */
    int32_t input_zero_point;
    int32_t output_zero_point;
} tg_cumsum_s8_params;

/* input, output: [outer][size][inner] without gaps; they may be the same. */
void tg_cumsum_s8(const tg_cumsum_s8_params *params, const int8_t *input, int8_t *output);

#endif
