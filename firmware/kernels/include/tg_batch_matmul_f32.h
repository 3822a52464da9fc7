/* BATCH_MATMUL: output = sum of lhs * rhs, float; summed up in order. */
#ifndef TG_BATCH_MATMUL_F32_H
#define TG_BATCH_MATMUL_F32_H

#include "tg_matmul.h"

#define tg_batch_matmul_f32 TG_NAME(tg_batch_matmul_f32)

typedef struct {
    tg_matmul shape;
} tg_batch_matmul_f32_params;

/* output: [batches][rows][columns]; all tensors are whole and without gaps. */
void tg_batch_matmul_f32(const tg_batch_matmul_f32_params *params, const float *lhs, const float *rhs, float *output);

#endif
