/* MAXIMUM and MINIMUM: output = the larger or the smaller of input1 and input2, int64. */
#ifndef TG_EXTREMUM_S64_H
#define TG_EXTREMUM_S64_H

#include "tg_elementwise.h"

#define tg_extremum_s64 TG_NAME(tg_extremum_s64)

typedef struct {
    tg_pairs pairs;
    int32_t is_maximum;
} tg_extremum_s64_params;

/* Computes output rows first .. first + count - 1. */
void tg_extremum_s64(const tg_extremum_s64_params *params, const int64_t *input1, const int64_t *input2,
                     int64_t *output, int32_t first, int32_t count);

#endif
