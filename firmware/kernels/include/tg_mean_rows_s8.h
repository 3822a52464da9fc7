/* MEAN over a map's rows, as they come: output = clamp(zero point + requantized sum of (input - zero point)), int8. */
#ifndef TG_MEAN_ROWS_S8_H
#define TG_MEAN_ROWS_S8_H

#include "tg_sum_rows_s8.h"

#define tg_mean_rows_s8 TG_NAME(tg_mean_rows_s8)

typedef struct {
    tg_sum_rows sum;
    int32_t zero_point_sum; /* the input's zero point times the number of elements in a mean */
    tg_requant requant;     /* 1 / that number is folded in */
    int32_t output_zero_point;
} tg_mean_rows_s8_params;

/* Takes input rows first .. first + count - 1; the output is there after the last.
   scratch: 4 * sums bytes, aligned to 4, which must stay from the first row to the last. */
void tg_mean_rows_s8(const tg_mean_rows_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                     int32_t count, void *scratch);

#endif
