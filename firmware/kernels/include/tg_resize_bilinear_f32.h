/* RESIZE_BILINEAR: output = the mean of four pixels, weighted, float. */
#ifndef TG_RESIZE_BILINEAR_F32_H
#define TG_RESIZE_BILINEAR_F32_H

#include "tg_resize.h"

#define tg_resize_bilinear_f32 TG_NAME(tg_resize_bilinear_f32)

typedef struct {
    tg_resize image;
    int32_t channels;
    const int16_t *rows;         /* [output_h][2]: the upper row and the lower row */
    const float *row_weights;    /* [output_h]: of the lower one */
    const int16_t *columns;      /* [output_w][2]: the left column and the right column */
    const float *column_weights; /* [output_w]: of the right one */
} tg_resize_bilinear_f32_params;

/* Computes output rows first .. first + count - 1. */
void tg_resize_bilinear_f32(const tg_resize_bilinear_f32_params *params, const float *input, float *output,
                            int32_t first, int32_t count);

#endif
