/* MUL: output = clamp(input1 * input2), int32; what overflows wraps. */
#ifndef TG_MUL_S32_H
#define TG_MUL_S32_H

#include "tg_elementwise.h"

#define tg_mul_s32 TG_NAME(tg_mul_s32)

typedef struct {
    tg_pairs pairs;
    int32_t output_min;
    int32_t output_max;
} tg_mul_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_mul_s32(const tg_mul_s32_params *params, const int32_t *input1, const int32_t *input2, int32_t *output,
                int32_t first, int32_t count);

#endif
