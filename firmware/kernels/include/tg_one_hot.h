/* ONE_HOT: output[i][d][j] = indices[i][j] is d ? on_value : off_value. */
#ifndef TG_ONE_HOT_H
#define TG_ONE_HOT_H

#include "tg_common.h"

#define tg_one_hot TG_NAME(tg_one_hot)

typedef struct {
    int32_t outer;
    int32_t depth;
    int32_t inner;
    int32_t element_bytes; /* of the values */
    int32_t wide;          /* indices are int64 */
} tg_one_hot_params;

/* indices: [outer][inner] of int32 or int64; on_value, off_value: one element; output: [outer][depth][inner]. */
void tg_one_hot(const tg_one_hot_params *params, const void *indices, const void *on_value, const void *off_value,
                void *output);

#endif
