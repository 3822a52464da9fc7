/* LOGISTIC: output = 1 / (1 + exp(-input)), float. */
#ifndef TG_LOGISTIC_F32_H
#define TG_LOGISTIC_F32_H

#include "tg_elementwise.h"

#define tg_logistic_f32 TG_NAME(tg_logistic_f32)

typedef struct {
    tg_map map;
} tg_logistic_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_logistic_f32(const tg_logistic_f32_params *params, const float *input, float *output, int32_t first,
                     int32_t count);

#endif
