/* ADD: output = clamp(zero point + requantized(requantized input1 << 15 + requantized input2 << 15)), int16. */
#ifndef TG_ADD_S16_H
#define TG_ADD_S16_H

#include "tg_elementwise.h"

#define tg_add_s16 TG_NAME(tg_add_s16)

typedef tg_scaled_pairs tg_add_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_add_s16(const tg_add_s16_params *params, const int16_t *input1, const int16_t *input2, int16_t *output,
                int32_t first, int32_t count);

#endif
