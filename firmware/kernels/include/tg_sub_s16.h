/* SUB: output = clamp(zero point + requantized(requantized input1 << 15 - requantized input2 << 15)), int16. */
#ifndef TG_SUB_S16_H
#define TG_SUB_S16_H

#include "tg_elementwise.h"

#define tg_sub_s16 TG_NAME(tg_sub_s16)

typedef struct {
    tg_pairs pairs;
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant input1_requant; /* brings input1 to half of twice the larger input scale */
    tg_requant input2_requant;
    tg_requant output_requant;
    int32_t output_min;
    int32_t output_max;
} tg_sub_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_sub_s16(const tg_sub_s16_params *params, const int16_t *input1, const int16_t *input2, int16_t *output,
                int32_t first, int32_t count);

#endif
