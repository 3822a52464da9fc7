/* GATHER_ND: output[i] = input[indices[i][0]][indices[i][1]]..., slices of bytes. */
#ifndef TG_GATHER_ND_H
#define TG_GATHER_ND_H

#include "tg_index.h"

#define tg_gather_nd TG_NAME(tg_gather_nd)

typedef struct {
    int32_t slices;
    int32_t depth;    /* coordinates of an index, at most 6 */
    int32_t sizes[6]; /* of the dimensions that they are for; coordinates outside are taken for the ends */
    int32_t steps[6]; /* bytes from one element to the next along them */
    int32_t slice_bytes;
    int32_t wide; /* indices are int64 */
} tg_gather_nd_params;

/* indices: [slices][depth] of int32 or int64. */
void tg_gather_nd(const tg_gather_nd_params *params, const void *input, const void *indices, void *output);

#endif
