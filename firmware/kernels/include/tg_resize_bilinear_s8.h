/* RESIZE_BILINEAR: output = the mean of four pixels, weighted in units of 2**-10, rounded once at the end, int8. */
#ifndef TG_RESIZE_BILINEAR_S8_H
#define TG_RESIZE_BILINEAR_S8_H

#include "tg_resize.h"

#define tg_resize_bilinear_s8 TG_NAME(tg_resize_bilinear_s8)

typedef struct {
    tg_resize image;
    int32_t channels;
    const int16_t *rows;    /* [output_h][3]: the upper row, the lower row, and the weight of the lower one */
    const int16_t *columns; /* [output_w][3]: the left column, the right column, and the weight of the right one */
} tg_resize_bilinear_s8_params;

/* Computes output rows first .. first + count - 1. */
void tg_resize_bilinear_s8(const tg_resize_bilinear_s8_params *params, const int8_t *input, int8_t *output,
                           int32_t first, int32_t count);

#endif
