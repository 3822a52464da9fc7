/* SQUARED_DIFFERENCE: output = clamp(zero point + requantized (requantized input1 - input2) squared), int16. */
#ifndef TG_SQUARED_DIFFERENCE_S16_H
#define TG_SQUARED_DIFFERENCE_S16_H

#include "tg_elementwise.h"

#define tg_squared_difference_s16 TG_NAME(tg_squared_difference_s16)

typedef struct {
    tg_pairs pairs;
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant input1_requant; /* brings input1 to half of twice the larger input scale */
    tg_requant input2_requant;
    tg_requant output_requant;
} tg_squared_difference_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_squared_difference_s16(const tg_squared_difference_s16_params *params, const int16_t *input1,
                               const int16_t *input2, int16_t *output, int32_t first, int32_t count);

#endif
