/* SCATTER_ND of integers and bool after the output was filled with zeros: output[indices[i]][..] += updates[i][..],
   which wraps; a slice whose indices lie outside is left out. */
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
    int32_t wide; /* indices are int64 */
} tg_scatter;

typedef struct {
    tg_scatter scatter;
    int32_t element; /* one of tg_element.h */
} tg_scatter_nd_params;

/* The element of the output where slice `slice` begins, or -1 if it lies outside. */
static inline int32_t tg_scatter_place(const tg_scatter *p, const void *indices, int32_t slice) {
    int32_t first = 0;
    for (int32_t d = 0; d < p->depth; d++) {
        const int32_t i = slice * p->depth + d;
        const int64_t at = p->wide ? ((const int64_t *)indices)[i] : ((const int32_t *)indices)[i];
        if (at < 0 || at >= p->sizes[d]) {
            return -1;
        }
        first += (int32_t)at * p->steps[d];
    }
    return first;
}

/* indices: [slices][depth] of int32 or int64, updates: [slices][slice_elements]. */
void tg_scatter_nd(const tg_scatter_nd_params *params, const void *indices, const void *updates, void *output);

#endif
