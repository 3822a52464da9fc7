/* Portable: one output element after the other. */
#include "tg_batch_matmul_f32.h"

/* A row of one matrix times a column of the other. */
static float dot(const tg_batch_matmul_f32_params *p, const float *row, const float *column) {
    const tg_matmul *m = &p->shape;
    float sum = 0.0f;
    for (int32_t k = 0; k < m->depth; k++) {
        const float product = *row * *column;
        sum += product;
        row += m->lhs_depth_step;
        column += m->rhs_depth_step;
    }
    return sum;
}

void tg_batch_matmul_f32(const tg_batch_matmul_f32_params *p, const float *lhs, const float *rhs, float *output) {
    const tg_matmul *m = &p->shape;
    const int32_t batches = tg_matmul_batches(m);
    for (int32_t b = 0; b < batches; b++) {
        const tg_matmul_place place = tg_matmul_at(m, b);
        for (int32_t i = 0; i < m->rows; i++) {
            const float *row = lhs + place.lhs + i * m->lhs_row_step;
            for (int32_t j = 0; j < m->columns; j++) {
                const float *column = rhs + place.rhs + j * m->rhs_column_step;
                *output++ = dot(p, row, column);
            }
        }
    }
}
