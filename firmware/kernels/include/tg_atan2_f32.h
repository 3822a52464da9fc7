/* ATAN2: output = the angle of the point (input2, input1), float. */
#ifndef TG_ATAN2_F32_H
#define TG_ATAN2_F32_H

#include "tg_elementwise.h"

#define tg_atan2_f32 TG_NAME(tg_atan2_f32)

typedef struct {
    tg_pairs pairs;
} tg_atan2_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_atan2_f32(const tg_atan2_f32_params *params, const float *input1, const float *input2, float *output,
                  int32_t first, int32_t count);

#endif
