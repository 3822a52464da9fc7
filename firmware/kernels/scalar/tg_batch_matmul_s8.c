/* Portable: one output element after the other. */
#include "tg_batch_matmul_s8.h"

/* A row of one matrix times a column of the other. Sums wrap as TFLite's registers do. */
static uint32_t dot(const tg_batch_matmul_s8_params *p, const int8_t *row, const int8_t *column) {
    const tg_matmul *m = &p->shape;
    uint32_t sum = 0;
    for (int32_t k = 0; k < m->depth; k++) {
        sum += (uint32_t)((*row - p->lhs_zero_point) * (*column - p->rhs_zero_point));
        row += m->lhs_depth_step;
        column += m->rhs_depth_step;
    }
    return sum;
}

void tg_batch_matmul_s8(const tg_batch_matmul_s8_params *p, const int8_t *lhs, const int8_t *rhs, int8_t *output) {
    const tg_matmul *m = &p->shape;
    const int32_t batches = tg_matmul_batches(m);
    for (int32_t b = 0; b < batches; b++) {
        const tg_matmul_place place = tg_matmul_at(m, b);
        for (int32_t i = 0; i < m->rows; i++) {
            const int8_t *row = lhs + place.lhs + i * m->lhs_row_step;
            for (int32_t j = 0; j < m->columns; j++) {
                const int8_t *column = rhs + place.rhs + j * m->rhs_column_step;
                const int32_t stored = tg_multiply((int32_t)dot(p, row, column), p->requant) + p->output_zero_point;
                *output++ = (int8_t)tg_clamp(stored, -128, 127);
            }
        }
    }
}
