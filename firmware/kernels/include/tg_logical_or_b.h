/* LOGICAL_OR: output = input1 or input2. */
#ifndef TG_LOGICAL_OR_B_H
#define TG_LOGICAL_OR_B_H

#include <stdbool.h>

#include "tg_elementwise.h"

#define tg_logical_or_b TG_NAME(tg_logical_or_b)

typedef struct {
    tg_pairs pairs;
} tg_logical_or_b_params;

/* Computes output rows first .. first + count - 1. */
void tg_logical_or_b(const tg_logical_or_b_params *params, const bool *input1, const bool *input2, bool *output,
                     int32_t first, int32_t count);

#endif
