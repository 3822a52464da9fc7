/* POW: output = input1 to the power of input2, int32; what overflows wraps; a fraction becomes 0. */
#ifndef TG_POW_S32_H
#define TG_POW_S32_H

#include "tg_elementwise.h"

#define tg_pow_s32 TG_NAME(tg_pow_s32)

typedef struct {
    tg_pairs pairs;
} tg_pow_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_pow_s32(const tg_pow_s32_params *params, const int32_t *input1, const int32_t *input2, int32_t *output,
                int32_t first, int32_t count);

#endif
