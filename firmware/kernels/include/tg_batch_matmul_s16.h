/* BATCH_MATMUL: output = clamp(requantized sum of lhs * rhs), int16. */
#ifndef TG_BATCH_MATMUL_S16_H
#define TG_BATCH_MATMUL_S16_H

#include "tg_matmul.h"
#include "tg_wide.h"

#define tg_batch_matmul_s16 TG_NAME(tg_batch_matmul_s16)

typedef struct {
    tg_matmul shape;
    tg_requant requant; /* for tg_wide_multiply */
} tg_batch_matmul_s16_params;

/* output: [batches][rows][columns]; all tensors are whole and without gaps. */
void tg_batch_matmul_s16(const tg_batch_matmul_s16_params *params, const int16_t *lhs, const int16_t *rhs,
                         int16_t *output);

#endif
