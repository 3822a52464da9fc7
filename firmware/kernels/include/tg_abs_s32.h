/* ABS: output = |input|; the least number stays what it is, int32. */
#ifndef TG_ABS_S32_H
#define TG_ABS_S32_H

#include "tg_elementwise.h"

#define tg_abs_s32 TG_NAME(tg_abs_s32)

typedef struct {
    tg_map map;
} tg_abs_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_abs_s32(const tg_abs_s32_params *params, const int32_t *input, int32_t *output, int32_t first, int32_t count);

#endif
