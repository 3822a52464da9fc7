/* SCATTER_ND after the output was filled with zeros: output[indices[i]][..] += updates[i][..]; integers wrap, and a
   slice whose indices lie outside is left out. */
#ifndef TG_SCATTER_ND_H
#define TG_SCATTER_ND_H

#include "tg_element.h"

#define tg_scatter_nd TG_NAME(tg_scatter_nd)

typedef struct {
    int32_t depth;    /* indices of a slice, at most 6 */
    int32_t sizes[6]; /* of the output */
    int32_t steps[6]; /* elements from one to the next in the output */
    int32_t slices;
    int32_t slice_elements;
    int32_t element; /* one of tg_element.h */
    int32_t wide;    /* indices are int64 */
} tg_scatter_nd_params;

/* indices: [slices][depth] of int32 or int64, updates: [slices][slice_elements]. */
void tg_scatter_nd(const tg_scatter_nd_params *params, const void *indices, const void *updates, void *output);

#endif
