/* SCATTER_ND after the output was filled with zeros: slices of bytes go to where they begin. */
#ifndef TG_SCATTER_ND_H
#define TG_SCATTER_ND_H

#include "tg_common.h"

#define tg_scatter_nd TG_NAME(tg_scatter_nd)

typedef struct {
    const int32_t *starts; /* [slices]: bytes of the output, no two alike */
    int32_t slices;
    int32_t slice_bytes;
} tg_scatter_nd_params;

/* updates: slices * slice_bytes bytes. */
void tg_scatter_nd(const tg_scatter_nd_params *params, const void *updates, void *output);

#endif
