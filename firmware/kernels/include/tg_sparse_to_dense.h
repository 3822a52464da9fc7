/* SPARSE_TO_DENSE after the output was filled: output[indices[i]] = values[i]; an element outside is left out. */
#ifndef TG_SPARSE_TO_DENSE_H
#define TG_SPARSE_TO_DENSE_H

#include "tg_common.h"

#define tg_sparse_to_dense TG_NAME(tg_sparse_to_dense)

typedef struct {
    int32_t depth;    /* indices of an element, at most 6 */
    int32_t sizes[6]; /* of the output */
    int32_t steps[6]; /* elements from one to the next in the output */
    int32_t count;
    int32_t value_step; /* 0: there is one value for all */
    int32_t element_bytes;
    int32_t wide; /* indices are int64 */
} tg_sparse_to_dense_params;

/* indices: [count][depth] of int32 or int64; values: [count], or one. */
void tg_sparse_to_dense(const tg_sparse_to_dense_params *params, const void *indices, const void *values, void *output);

#endif
