/* ELU: output = input, or exp(input) - 1 where that is negative, float. */
#ifndef TG_ELU_F32_H
#define TG_ELU_F32_H

#include "tg_elementwise.h"

#define tg_elu_f32 TG_NAME(tg_elu_f32)

typedef struct {
    tg_map map;
} tg_elu_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_elu_f32(const tg_elu_f32_params *params, const float *input, float *output, int32_t first, int32_t count);

#endif
