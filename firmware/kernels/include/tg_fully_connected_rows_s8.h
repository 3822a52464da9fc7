/* FULLY_CONNECTED over a flattened map, row by row: int32 sums do not care in which pieces the input comes. */
#ifndef TG_FULLY_CONNECTED_ROWS_S8_H
#define TG_FULLY_CONNECTED_ROWS_S8_H

#include "tg_fully_connected_s8.h"

#define tg_fully_connected_rows_s8 TG_NAME(tg_fully_connected_rows_s8)

typedef struct {
    tg_fully_connected_s8_params dense; /* batches is 1; depth is the whole map's */
    tg_ring input;                      /* rows of row_elements */
    int32_t rows;
    int32_t row_elements;
} tg_fully_connected_rows_s8_params;

/* Takes input rows first .. first + count - 1; the output is there after the last.
   scratch: 4 * outputs bytes, aligned to 4, which must stay from the first row to the last. */
void tg_fully_connected_rows_s8(const tg_fully_connected_rows_s8_params *params, const int8_t *input, int8_t *output,
                                int32_t first, int32_t count, void *scratch);

#endif
