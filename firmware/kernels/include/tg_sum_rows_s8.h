/* Sums the rows of a map as they come, for the kernels that average a whole map. */
#ifndef TG_SUM_ROWS_S8_H
#define TG_SUM_ROWS_S8_H

#include "tg_common.h"

typedef struct {
    tg_ring input;  /* rows of [groups][sums] */
    int32_t rows;   /* of the whole input */
    int32_t groups; /* elements of a row that go into the same sum */
    int32_t sums;   /* how many sums */
} tg_sum_rows;

/* Adds rows first .. first + count - 1 to the sums, which begin at 0 with row 0. |sum| <= 2**7 * rows * groups < 2**31.
   Returns 1 after the last row. */
static inline int tg_add_rows(const tg_sum_rows *p, const int8_t *input, int32_t first, int32_t count, int32_t *sum) {
    if (first == 0) {
        for (int32_t i = 0; i < p->sums; i++) {
            sum[i] = 0;
        }
    }
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *row = tg_row(input, p->input, r);
        int32_t i = 0;
        for (; i + 4 <= p->sums; i += 4) { /* four sums stay in registers */
            int32_t a = sum[i], b = sum[i + 1], c = sum[i + 2], d = sum[i + 3];
            const int8_t *in = row + i;
            for (int32_t g = p->groups; g > 0; g--, in += p->sums) {
                a += in[0];
                b += in[1];
                c += in[2];
                d += in[3];
            }
            sum[i] = a, sum[i + 1] = b, sum[i + 2] = c, sum[i + 3] = d;
        }
        for (; i < p->sums; i++) {
            for (int32_t g = 0; g < p->groups; g++) {
                sum[i] += row[g * p->sums + i];
            }
        }
    }
    return first + count == p->rows;
}

#endif
