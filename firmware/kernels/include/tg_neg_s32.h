/* NEG: output = -input; the least number stays what it is, int32. */
#ifndef TG_NEG_S32_H
#define TG_NEG_S32_H

#include "tg_elementwise.h"

#define tg_neg_s32 TG_NAME(tg_neg_s32)

typedef struct {
    tg_map map;
} tg_neg_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_neg_s32(const tg_neg_s32_params *params, const int32_t *input, int32_t *output, int32_t first, int32_t count);

#endif
