/* RSQRT: output = min(requantized 1 / square root of input, 32767), int16; 32767 where input is not above 0. */
#ifndef TG_RSQRT_S16_H
#define TG_RSQRT_S16_H

#include "tg_elementwise.h"

#define tg_rsqrt_s16 TG_NAME(tg_rsqrt_s16)

typedef struct {
    tg_map map;
    tg_requant requant; /* of the root times 2**20 */
} tg_rsqrt_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_rsqrt_s16(const tg_rsqrt_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                  int32_t count);

#endif
