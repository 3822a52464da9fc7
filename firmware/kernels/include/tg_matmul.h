/* How the matrices of BATCH_MATMUL lie: elements from one batch, row or column to the next. */
#ifndef TG_MATMUL_H
#define TG_MATMUL_H

#include "tg_common.h"

typedef struct {
    int32_t batches[3];   /* the output's outer dimensions */
    int32_t lhs_steps[3]; /* elements per step of each; 0 where the operand is broadcast */
    int32_t rhs_steps[3];
    int32_t rows; /* of a matrix of the output */
    int32_t columns;
    int32_t depth; /* products per sum */
    int32_t lhs_row_step;
    int32_t lhs_depth_step;
    int32_t rhs_column_step;
    int32_t rhs_depth_step;
} tg_matmul;

/* Where the matrices of batch `batch` begin. */
typedef struct {
    int32_t lhs;
    int32_t rhs;
} tg_matmul_place;

static inline int32_t tg_matmul_batches(const tg_matmul *m) {
    return m->batches[0] * m->batches[1] * m->batches[2];
}

static inline tg_matmul_place tg_matmul_at(const tg_matmul *m, int32_t batch) {
    tg_matmul_place place = {0, 0};
    for (int axis = 2; axis >= 0; axis--) {
        const int32_t i = batch % m->batches[axis];
        batch /= m->batches[axis];
        place.lhs += i * m->lhs_steps[axis];
        place.rhs += i * m->rhs_steps[axis];
    }
    return place;
}

#endif
