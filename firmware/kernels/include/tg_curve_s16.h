/* Any function of one int16, by a table and what lies between its entries. */
#ifndef TG_CURVE_S16_H
#define TG_CURVE_S16_H

#include "tg_elementwise.h"

#define tg_curve_s16 TG_NAME(tg_curve_s16)

typedef struct {
    tg_map map;
    const int16_t *table; /* [513]: one entry per 128 inputs */
} tg_curve_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_curve_s16(const tg_curve_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                  int32_t count);

#endif
