/* RESIZE_BILINEAR of uint8 that is held as int8, 128 lower: the mean of four pixels, weighted in float, halves up. */
#ifndef TG_RESIZE_BILINEAR_U8_H
#define TG_RESIZE_BILINEAR_U8_H

#include "tg_resize.h"

#define tg_resize_bilinear_u8 TG_NAME(tg_resize_bilinear_u8)

typedef struct {
    tg_resize image;
    int32_t channels;
    const int16_t *rows;         /* [output_h][2]: the upper row and the lower row */
    const float *row_weights;    /* [output_h]: of the lower one */
    const int16_t *columns;      /* [output_w][2]: the left column and the right column */
    const float *column_weights; /* [output_w]: of the right one */
} tg_resize_bilinear_u8_params;

/* Computes output rows first .. first + count - 1. */
void tg_resize_bilinear_u8(const tg_resize_bilinear_u8_params *params, const int8_t *input, int8_t *output,
                           int32_t first, int32_t count);

#endif
