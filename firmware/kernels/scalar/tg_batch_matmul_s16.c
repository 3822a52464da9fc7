/* Portable: one output element after the other. */
#include "tg_batch_matmul_s16.h"

/* A row of one matrix times a column of the other. |sum| <= depth * 2**30. */
static int64_t dot(const tg_batch_matmul_s16_params *p, const int16_t *row, const int16_t *column) {
    const tg_matmul *m = &p->shape;
    int64_t sum = 0;
    for (int32_t k = 0; k < m->depth; k++) {
        sum += *row * *column;
        row += m->lhs_depth_step;
        column += m->rhs_depth_step;
    }
    return sum;
}

void tg_batch_matmul_s16(const tg_batch_matmul_s16_params *p, const int16_t *lhs, const int16_t *rhs, int16_t *output) {
    const tg_matmul *m = &p->shape;
    const int32_t batches = tg_matmul_batches(m);
    for (int32_t b = 0; b < batches; b++) {
        const tg_matmul_place place = tg_matmul_at(m, b);
        for (int32_t i = 0; i < m->rows; i++) {
            const int16_t *row = lhs + place.lhs + i * m->lhs_row_step;
            for (int32_t j = 0; j < m->columns; j++) {
                const int16_t *column = rhs + place.rhs + j * m->rhs_column_step;
                *output++ = (int16_t)tg_clamp(tg_wide_multiply(dot(p, row, column), p->requant), -32768, 32767);
            }
        }
    }
}
