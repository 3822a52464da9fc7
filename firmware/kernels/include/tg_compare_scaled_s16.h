/* Comparisons: output = whether the inputs, requantized to 2**-8, are related as `relation` says, int16. */
#ifndef TG_COMPARE_SCALED_S16_H
#define TG_COMPARE_SCALED_S16_H

#include <stdbool.h>

#include "tg_elementwise.h"

#define tg_compare_scaled_s16 TG_NAME(tg_compare_scaled_s16)

typedef struct {
    tg_pairs pairs;
    int32_t relation; /* sum of what is to be true: 1 smaller, 2 equal, 4 larger */
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    tg_requant input1_requant;
    tg_requant input2_requant;
} tg_compare_scaled_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_compare_scaled_s16(const tg_compare_scaled_s16_params *params, const int16_t *input1, const int16_t *input2,
                           bool *output, int32_t first, int32_t count);

#endif
