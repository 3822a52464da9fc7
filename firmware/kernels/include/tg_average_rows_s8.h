/* AVERAGE_POOL_2D over a whole map, row by row: output[c] = clamp(sum / taps), halves away from zero, int8. */
#ifndef TG_AVERAGE_ROWS_S8_H
#define TG_AVERAGE_ROWS_S8_H

#include "tg_sum_rows_s8.h"

#define tg_average_rows_s8 TG_NAME(tg_average_rows_s8)

typedef struct {
    tg_sum_rows sum;
    int32_t taps; /* elements of the map in each sum */
    int32_t output_min;
    int32_t output_max;
} tg_average_rows_s8_params;

/* Takes input rows first .. first + count - 1; the output is there after the last.
   scratch: 4 * sums bytes, aligned to 4, which must stay from the first row to the last. */
void tg_average_rows_s8(const tg_average_rows_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                        int32_t count, void *scratch);

#endif
