/* Images that become images of another size. */
#ifndef TG_RESIZE_H
#define TG_RESIZE_H

#include "tg_common.h"

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t input_h;
    int32_t output_h;
    int32_t output_w;
} tg_resize;

/* Row y of the image to which row `row` of the output belongs. */
static inline const int8_t *tg_resize_row(const void *input, const tg_resize *image, int32_t row, int32_t y) {
    return tg_row((const int8_t *)input, image->input, row / image->output_h * image->input_h + y);
}

#endif
