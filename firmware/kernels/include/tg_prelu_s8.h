/* PRELU: output = clamp(zero point + input on the output's scale, times alpha below 0), int8, with int8 alphas. */
#ifndef TG_PRELU_S8_H
#define TG_PRELU_S8_H

#include "tg_elementwise.h"

#define tg_prelu_s8 TG_NAME(tg_prelu_s8)

typedef struct {
    tg_pairs pairs;
    int32_t input_zero_point;
    int32_t alpha_zero_point;
    int32_t output_zero_point;
    tg_requant identity_requant;
    tg_requant alpha_requant;
} tg_prelu_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_prelu_s8(const tg_prelu_s8_params *params, const int8_t *input1, const int8_t *input2, int8_t *output,
                 int32_t first, int32_t count);

#endif
