/* Comparisons: output = whether input1 and input2 are related as `relation` says, bool. */
#ifndef TG_COMPARE_B_H
#define TG_COMPARE_B_H

#include <stdbool.h>

#include "tg_elementwise.h"

#define tg_compare_b TG_NAME(tg_compare_b)

typedef struct {
    tg_pairs pairs;
    int32_t relation; /* sum of what is to be true: 1 smaller, 2 equal, 4 larger, 8 neither */
} tg_compare_b_params;

/* Computes output rows first .. first + count - 1. */
void tg_compare_b(const tg_compare_b_params *params, const bool *input1, const bool *input2, bool *output,
                  int32_t first, int32_t count);

#endif
