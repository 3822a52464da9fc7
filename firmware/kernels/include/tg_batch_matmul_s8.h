/* BATCH_MATMUL: output = clamp(zero point + requantized sum of (lhs - zero point) * (rhs - zero point)), int8. */
#ifndef TG_BATCH_MATMUL_S8_H
#define TG_BATCH_MATMUL_S8_H

#include "tg_matmul.h"

#define tg_batch_matmul_s8 TG_NAME(tg_batch_matmul_s8)

typedef struct {
    tg_matmul shape;
    tg_requant requant;
    int32_t lhs_zero_point;
    int32_t rhs_zero_point;
    int32_t output_zero_point;
} tg_batch_matmul_s8_params;

/* output: [batches][rows][columns]; all tensors are whole and without gaps. */
void tg_batch_matmul_s8(const tg_batch_matmul_s8_params *params, const int8_t *lhs, const int8_t *rhs, int8_t *output);

#endif
