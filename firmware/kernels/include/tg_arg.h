/* What the kernels of ARG_MAX and ARG_MIN share: output[o][i] = the first j whose input[o][j][i] none surpasses. */
#ifndef TG_ARG_H
#define TG_ARG_H

#include "tg_common.h"

typedef struct {
    int32_t outer;
    int32_t size; /* of the axis */
    int32_t inner;
    int32_t is_max;         /* 1: the greatest; 0: the least */
    int32_t output_is_wide; /* 1: int64; 0: int32 */
} tg_arg;

static inline void tg_arg_store(const tg_arg *p, void *output, int32_t i, int32_t found) {
    if (p->output_is_wide) {
        ((int64_t *)output)[i] = found;
    } else {
        ((int32_t *)output)[i] = found;
    }
}

#endif
