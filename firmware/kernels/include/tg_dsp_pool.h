/* How the DSP kernels of pools walk over the taps of an output pixel: four or eight channels at a time. */
#ifndef TG_DSP_POOL_H
#define TG_DSP_POOL_H

#include "tg_dsp_bytes.h"
#include "tg_pool_2d_s8.h"

/* The taps of one output pixel that lie inside the image. */
typedef struct {
    const int8_t *input;
    int32_t top;      /* bytes from the input to the first row of taps */
    int32_t first;    /* to the first tap, channel 0 */
    int32_t stride;   /* bytes from one row to the next */
    int32_t size;     /* bytes of the ring of rows */
    int32_t rows;     /* of taps */
    int32_t columns;  /* of taps */
    int32_t channels; /* bytes from one column to the next */
} tg_pixel_taps;

/* For output row `row`; columns are still to be found. */
static inline tg_pixel_taps tg_row_taps(const tg_pool_2d_s8_params *p, const int8_t *input, int32_t row) {
    const tg_window *w = &p->window;
    const int32_t image = row / w->output_h, y = row % w->output_h;
    const tg_taps v = tg_taps_inside(y, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
    const int8_t *top = tg_row(input, p->input, image * w->input_h + v.origin + v.first);
    const tg_ring ring = p->input;
    const tg_pixel_taps taps = {
        input, (int32_t)(top - input), 0, ring.stride, ring.stride * ring.height, v.end - v.first, 0, p->channels};
    return taps;
}

/* For output column x of that row. */
static inline void tg_find_columns(tg_pixel_taps *taps, const tg_window *w, int32_t x) {
    const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
    taps->first = taps->top + (h.origin + h.first) * taps->channels;
    taps->columns = h.end - h.first;
}

/* How many channels a block has: the last block of a pixel may overlap the one before it. 1 where there are few. */
static inline int32_t tg_pool_block(int32_t channels) {
    return channels >= 8 && !TG_SMALL ? 8 : channels >= 4 ? 4 : 1;
}

/* For every tap: what follows is done with `in`, the first of its bytes that count. */
#define TG_EACH_TAP(taps, channel)                                                                                     \
    for (int32_t row_ = 0, at_ = (taps)->first + (channel); row_ < (taps)->rows;                                       \
         row_++, at_ += (taps)->stride, at_ -= at_ >= (taps)->size ? (taps)->size : 0)                                 \
        for (const int8_t *in = (taps)->input + at_, *end_ = in + (taps)->columns * (taps)->channels; in != end_;      \
             in += (taps)->channels)

#endif
