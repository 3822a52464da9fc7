/* Any function of one byte: output[i] = table[input[i]], for int8 as for uint8. */
#ifndef TG_TABLE_U8_H
#define TG_TABLE_U8_H

#include "tg_elementwise.h"

#define tg_table_u8 TG_NAME(tg_table_u8)

typedef struct {
    tg_map map;
    const uint8_t *table; /* [256] */
} tg_table_u8_params;

/* Computes output rows first .. first + count - 1. */
void tg_table_u8(const tg_table_u8_params *params, const void *input, void *output, int32_t first, int32_t count);

#endif
