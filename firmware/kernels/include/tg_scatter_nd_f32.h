/* SCATTER_ND of floats: as tg_scatter_nd.h says, summed up in the order of the slices. */
#ifndef TG_SCATTER_ND_F32_H
#define TG_SCATTER_ND_F32_H

#include "tg_scatter_nd.h"

#define tg_scatter_nd_f32 TG_NAME(tg_scatter_nd_f32)

typedef struct {
    tg_scatter scatter;
} tg_scatter_nd_f32_params;

/* indices: [slices][depth] of int32 or int64, updates: [slices][slice_elements]. */
void tg_scatter_nd_f32(const tg_scatter_nd_f32_params *params, const void *indices, const float *updates,
                       float *output);

#endif
