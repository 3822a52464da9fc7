/* FAKE_QUANT: output = the nearest float that an integer would stand for, within least .. most. */
#ifndef TG_FAKE_QUANT_F32_H
#define TG_FAKE_QUANT_F32_H

#include "tg_elementwise.h"

#define tg_fake_quant_f32 TG_NAME(tg_fake_quant_f32)

typedef struct {
    tg_map map;
    float least;
    float most;
    float scale;
    float inverse_scale;
} tg_fake_quant_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_fake_quant_f32(const tg_fake_quant_f32_params *params, const float *input, float *output, int32_t first,
                       int32_t count);

#endif
