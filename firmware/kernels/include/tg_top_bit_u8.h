/* Flips the top bit of every byte: uint8 becomes the int8 that is 128 less, and the other way round. */
#ifndef TG_TOP_BIT_U8_H
#define TG_TOP_BIT_U8_H

#include "tg_common.h"

#define tg_top_bit_u8 TG_NAME(tg_top_bit_u8)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t row_bytes;
} tg_top_bit_u8_params;

/* Computes output rows first .. first + count - 1; the output may lie where the input lies. */
void tg_top_bit_u8(const tg_top_bit_u8_params *params, const void *input, void *output, int32_t first, int32_t count);

#endif
