/* SIGN: output = 1, 0 or -1 with the sign of input, int32. */
#ifndef TG_SIGN_S32_H
#define TG_SIGN_S32_H

#include "tg_elementwise.h"

#define tg_sign_s32 TG_NAME(tg_sign_s32)

typedef struct {
    tg_map map;
} tg_sign_s32_params;

/* Computes output rows first .. first + count - 1. */
void tg_sign_s32(const tg_sign_s32_params *params, const int32_t *input, int32_t *output, int32_t first, int32_t count);

#endif
