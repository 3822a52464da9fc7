/* FLOOR_DIV: output = input1 / input2 rounded down, int32; 0 where input2 is 0. */
#ifndef TG_FLOOR_DIV_S32_H
#define TG_FLOOR_DIV_S32_H

#include "tg_elementwise.h"

#define tg_floor_div_s32 TG_NAME(tg_floor_div_s32)

typedef struct {
    tg_pairs pairs;
} tg_floor_div_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_floor_div_s32(const tg_floor_div_s32_params *params, const int32_t *input1, const int32_t *input2,
                      int32_t *output, int32_t first, int32_t count);

#endif
