/* SQUARED_DIFFERENCE: output = clamp(zero point + requantized (requantized input1 - input2) squared), int8. */
#ifndef TG_SQUARED_DIFFERENCE_S8_H
#define TG_SQUARED_DIFFERENCE_S8_H

#include "tg_elementwise.h"

#define tg_squared_difference_s8 TG_NAME(tg_squared_difference_s8)

typedef struct {
    tg_pairs pairs;
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant input1_requant; /* brings input1 to half of twice the larger input scale */
    tg_requant input2_requant;
    tg_requant output_requant;
} tg_squared_difference_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_squared_difference_s8(const tg_squared_difference_s8_params *params, const int8_t *input1, const int8_t *input2,
                              int8_t *output, int32_t first, int32_t count);

#endif
