/* GATHER: output[batch][outer][i] = input[batch][outer][positions[batch][i]], slices of bytes. */
#ifndef TG_GATHER_H
#define TG_GATHER_H

#include "tg_index.h"

#define tg_gather TG_NAME(tg_gather)

typedef struct {
    int32_t batches;
    int32_t outer;     /* runs of slices per batch */
    int32_t size;      /* slices of a run of the input; positions outside of it are taken for its ends */
    int32_t positions; /* slices of a run of the output */
    int32_t slice_bytes;
    int32_t wide; /* positions are int64 */
} tg_gather_params;

/* positions: [batches][positions] of int32 or int64. */
void tg_gather(const tg_gather_params *params, const void *input, const void *positions, void *output);

#endif
