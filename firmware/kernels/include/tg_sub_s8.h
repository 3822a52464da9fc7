/* SUB: output = clamp(zero point + requantized(requantized input1 << 20 - requantized input2 << 20)), int8. */
#ifndef TG_SUB_S8_H
#define TG_SUB_S8_H

#include "tg_elementwise.h"

#define tg_sub_s8 TG_NAME(tg_sub_s8)

typedef tg_scaled_pairs tg_sub_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_sub_s8(const tg_sub_s8_params *params, const int8_t *input1, const int8_t *input2, int8_t *output,
               int32_t first, int32_t count);

#endif
