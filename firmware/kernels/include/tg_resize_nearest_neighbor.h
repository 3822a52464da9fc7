/* RESIZE_NEAREST_NEIGHBOR: output[y][x] = input[rows[y]][columns[x]], pixels of bytes. */
#ifndef TG_RESIZE_NEAREST_NEIGHBOR_H
#define TG_RESIZE_NEAREST_NEIGHBOR_H

#include "tg_resize.h"

#define tg_resize_nearest_neighbor TG_NAME(tg_resize_nearest_neighbor)

typedef struct {
    tg_resize image;
    const int16_t *rows;    /* [output_h] */
    const int16_t *columns; /* [output_w] */
    int32_t pixel_bytes;
} tg_resize_nearest_neighbor_params;

/* Computes output rows first .. first + count - 1. */
void tg_resize_nearest_neighbor(const tg_resize_nearest_neighbor_params *params, const void *input, void *output,
                                int32_t first, int32_t count);

#endif
