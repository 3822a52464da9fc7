/* Comparisons: output = whether the inputs, requantized to 2**-8, are related as `relation` says, int8. */
#ifndef TG_COMPARE_S8_H
#define TG_COMPARE_S8_H

#include <stdbool.h>

#include "tg_elementwise.h"

#define tg_compare_s8 TG_NAME(tg_compare_s8)

typedef struct {
    tg_pairs pairs;
    int32_t relation; /* sum of what is to be true: 1 smaller, 2 equal, 4 larger */
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    tg_requant input1_requant;
    tg_requant input2_requant;
} tg_compare_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_compare_s8(const tg_compare_s8_params *params, const int8_t *input1, const int8_t *input2, bool *output,
                   int32_t first, int32_t count);

#endif
