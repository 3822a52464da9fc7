/* RESIZE_BILINEAR: output = the mean of four pixels, weighted in units of 2**-10, rounded once at the end, int16. */
#ifndef TG_RESIZE_BILINEAR_S16_H
#define TG_RESIZE_BILINEAR_S16_H

#include "tg_resize.h"

#define tg_resize_bilinear_s16 TG_NAME(tg_resize_bilinear_s16)

typedef struct {
    tg_resize image;
    int32_t channels;
    const int16_t *rows;    /* [output_h][3]: the upper row, the lower row, and the weight of the lower one */
    const int16_t *columns; /* [output_w][3]: the left column, the right column, and the weight of the right one */
} tg_resize_bilinear_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_resize_bilinear_s16(const tg_resize_bilinear_s16_params *params, const int16_t *input, int16_t *output,
                            int32_t first, int32_t count);

#endif
