/* DYNAMIC_UPDATE_SLICE after the output was filled: the update goes to where it starts. */
#ifndef TG_DYNAMIC_UPDATE_SLICE_H
#define TG_DYNAMIC_UPDATE_SLICE_H

#include "tg_index.h"

#define tg_dynamic_update_slice TG_NAME(tg_dynamic_update_slice)

typedef struct {
    int32_t dimensions;     /* at most 6 */
    int32_t sizes[6];       /* of the update */
    int32_t last_starts[6]; /* the greatest start that lets the update fit; others are clamped */
    int32_t steps[6];       /* bytes from one element to the next in the output */
    int32_t element_bytes;
    int32_t wide; /* start is int64 */
} tg_dynamic_update_slice_params;

/* start: [dimensions] of int32 or int64. */
void tg_dynamic_update_slice(const tg_dynamic_update_slice_params *params, const void *update, const void *start,
                             void *output);

#endif
