/* DIV: output = clamp(zero point + requantized((input1 - zero point) / (input2 - zero point))), int8. */
#ifndef TG_DIV_S8_H
#define TG_DIV_S8_H

#include "tg_elementwise.h"

#define tg_div_s8 TG_NAME(tg_div_s8)

typedef struct {
    tg_pairs pairs;
    const tg_requant *reciprocals; /* [256]: 1 / i, and for 0 what TFLite Micro takes for it */
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant output_requant;
    int32_t output_min;
    int32_t output_max;
} tg_div_s8_params;

/* Computes output rows first .. first + count - 1. x / 0 is what TFLite Micro makes of it, 0 / 0 is 0. */
void tg_div_s8(const tg_div_s8_params *params, const int8_t *input1, const int8_t *input2, int8_t *output,
               int32_t first, int32_t count);

#endif
