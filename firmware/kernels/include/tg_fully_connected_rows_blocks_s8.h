/* FULLY_CONNECTED over a flattened map, row by row, with outputs in blocks of four. */
#ifndef TG_FULLY_CONNECTED_ROWS_BLOCKS_S8_H
#define TG_FULLY_CONNECTED_ROWS_BLOCKS_S8_H

#include "tg_filter_blocks.h"

#define tg_fully_connected_rows_blocks_s8 TG_NAME(tg_fully_connected_rows_blocks_s8)

typedef struct {
    tg_filter_blocks filters; /* one per output; a patch is the whole map */
    tg_ring input;            /* rows of row_elements */
    int32_t rows;
    int32_t row_elements; /* a multiple of 4 */
} tg_fully_connected_rows_blocks_s8_params;

/* Takes input rows first .. first + count - 1; the output is there after the last.
   scratch: 16 bytes per block, aligned to 4, which must stay from the first row to the last. */
void tg_fully_connected_rows_blocks_s8(const tg_fully_connected_rows_blocks_s8_params *params, const int8_t *input,
                                       int8_t *output, int32_t first, int32_t count, void *scratch);

#endif
