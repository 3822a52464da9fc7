/* MAXIMUM and MINIMUM: output = the larger or the smaller of input1 and input2, int16. */
#ifndef TG_EXTREMUM_S16_H
#define TG_EXTREMUM_S16_H

#include "tg_elementwise.h"

#define tg_extremum_s16 TG_NAME(tg_extremum_s16)

typedef struct {
    tg_pairs pairs;
    int32_t is_maximum;
} tg_extremum_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_extremum_s16(const tg_extremum_s16_params *params, const int16_t *input1, const int16_t *input2,
                     int16_t *output, int32_t first, int32_t count);

#endif
