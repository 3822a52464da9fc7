/* Any function of one int8: output[i] = table[input[i] + 128]. */
#ifndef TG_TABLE_S8_H
#define TG_TABLE_S8_H

#include "tg_common.h"

#define tg_table_s8 TG_NAME(tg_table_s8)

typedef struct {
    const int8_t *table; /* [256] */
    tg_ring input;
    tg_ring output;
    int32_t row_elements;
} tg_table_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_table_s8(const tg_table_s8_params *params, const int8_t *input, int8_t *output, int32_t first, int32_t count);

#endif
