/* Comparisons: output = whether input1 and input2 are related as `relation` says, int64. */
#ifndef TG_COMPARE_S64_H
#define TG_COMPARE_S64_H

#include <stdbool.h>

#include "tg_elementwise.h"

#define tg_compare_s64 TG_NAME(tg_compare_s64)

typedef struct {
    tg_pairs pairs;
    int32_t relation; /* sum of what is to be true: 1 smaller, 2 equal, 4 larger, 8 neither */
} tg_compare_s64_params;

/* Computes output rows first .. first + count - 1. */
void tg_compare_s64(const tg_compare_s64_params *params, const int64_t *input1, const int64_t *input2, bool *output,
                    int32_t first, int32_t count);

#endif
