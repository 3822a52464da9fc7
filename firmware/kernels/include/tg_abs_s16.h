/* ABS: output = min(requantized |input|, limit), int16. */
#ifndef TG_ABS_S16_H
#define TG_ABS_S16_H

#include "tg_elementwise.h"

#define tg_abs_s16 TG_NAME(tg_abs_s16)

typedef struct {
    tg_map map;
    tg_requant requant;
    int32_t output_max; /* 32768 where |-32768| is to wrap */
} tg_abs_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_abs_s16(const tg_abs_s16_params *params, const int16_t *input, int16_t *output, int32_t first, int32_t count);

#endif
