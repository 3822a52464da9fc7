/* Where the taps of a depthwise window lie: found once per pixel, for all its filters. */
#ifndef TG_DEPTHWISE_TAPS_H
#define TG_DEPTHWISE_TAPS_H

#include "tg_depthwise_conv_2d_s8.h"

enum { TG_OUTSIDE = -1 };

/* Where in `input` the taps under an output pixel lie, whose first is at row top, column left. */
static inline void tg_locate(const tg_depthwise_conv_2d_s8_params *p, int32_t image_row, int32_t top, int32_t left,
                             int32_t *tap) {
    const tg_window *w = &p->window;
    const int32_t step = w->dilation_w * p->input_c;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int inside_y = top >= 0 && top < w->input_h;
        const int32_t row = inside_y ? (image_row + top) % p->input.height * p->input.stride : 0;
        int32_t in_x = left, offset = row + left * p->input_c;
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            *tap++ = inside_y && in_x >= 0 && in_x < w->input_w ? offset : TG_OUTSIDE;
            in_x += w->dilation_w;
            offset += step;
        }
        top += w->dilation_h;
    }
}

#endif
