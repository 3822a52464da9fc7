/* MAXIMUM and MINIMUM: output = the larger or the smaller of input1 and input2, float. */
#ifndef TG_EXTREMUM_F32_H
#define TG_EXTREMUM_F32_H

#include "tg_elementwise.h"

#define tg_extremum_f32 TG_NAME(tg_extremum_f32)

typedef struct {
    tg_pairs pairs;
    int32_t is_maximum;
} tg_extremum_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_extremum_f32(const tg_extremum_f32_params *params, const float *input1, const float *input2, float *output,
                     int32_t first, int32_t count);

#endif
