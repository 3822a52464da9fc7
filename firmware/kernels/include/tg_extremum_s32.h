/* MAXIMUM and MINIMUM: output = the larger or the smaller of input1 and input2, int32. */
#ifndef TG_EXTREMUM_S32_H
#define TG_EXTREMUM_S32_H

#include "tg_elementwise.h"

#define tg_extremum_s32 TG_NAME(tg_extremum_s32)

typedef struct {
    tg_pairs pairs;
    int32_t is_maximum;
} tg_extremum_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_extremum_s32(const tg_extremum_s32_params *params, const int32_t *input1, const int32_t *input2,
                     int32_t *output, int32_t first, int32_t count);

#endif
