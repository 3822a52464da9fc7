/* LOGICAL_NOT: output = not input. */
#ifndef TG_LOGICAL_NOT_B_H
#define TG_LOGICAL_NOT_B_H

#include <stdbool.h>

#include "tg_elementwise.h"

#define tg_logical_not_b TG_NAME(tg_logical_not_b)

typedef struct {
    tg_map map;
} tg_logical_not_b_params;

/* Computes output rows first .. first + count - 1. */
void tg_logical_not_b(const tg_logical_not_b_params *params, const bool *input, bool *output, int32_t first,
                      int32_t count);

#endif
