/* NEG: output = -input; the least number stays what it is, int16. */
#ifndef TG_NEG_S16_H
#define TG_NEG_S16_H

#include "tg_elementwise.h"

#define tg_neg_s16 TG_NAME(tg_neg_s16)

typedef struct {
    tg_map map;
} tg_neg_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_neg_s16(const tg_neg_s16_params *params, const int16_t *input, int16_t *output, int32_t first, int32_t count);

#endif
