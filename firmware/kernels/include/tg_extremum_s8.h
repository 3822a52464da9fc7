/* MAXIMUM and MINIMUM: output = the larger or the smaller of input1 and input2, int8. */
#ifndef TG_EXTREMUM_S8_H
#define TG_EXTREMUM_S8_H

#include "tg_elementwise.h"

#define tg_extremum_s8 TG_NAME(tg_extremum_s8)

typedef struct {
    tg_pairs pairs;
    int32_t is_maximum;
} tg_extremum_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_extremum_s8(const tg_extremum_s8_params *params, const int8_t *input1, const int8_t *input2, int8_t *output,
                    int32_t first, int32_t count);

#endif
