/* Operands that may be smaller than the output: their elements are read again along the broadcast dimensions. */
#ifndef TG_BROADCAST_H
#define TG_BROADCAST_H

#include "tg_common.h"

/* The output's shape: rows are counted over the outer dimensions, each row is [columns][channels]. */
typedef struct {
    int32_t outer[4];
    int32_t columns;
    int32_t channels;
} tg_extent;

/* Where an operand's elements lie that meet the output's. */
typedef struct {
    tg_ring ring;
    int32_t row_steps[4]; /* operand rows per step of each outer dimension; 0 where it is broadcast */
    int32_t column_step;  /* elements per column; 0 where it is broadcast */
    int32_t channel_step; /* 1, or 0 where it is broadcast */
} tg_operand;

/* The operand's row that meets row `row` of the output. */
static inline int32_t tg_operand_row(const tg_operand *operand, const tg_extent *extent, int32_t row) {
    int32_t rest = row, result = 0;
    for (int axis = 3; axis >= 0; axis--) {
        const int32_t size = extent->outer[axis];
        if (size > 1) {
            result += rest % size * operand->row_steps[axis];
            rest /= size;
        }
    }
    return result;
}

#endif
