/* How the DSP kernels of pools walk over the taps of an output pixel, some channels at a time. */
#ifndef TG_DSP_POOL_H
#define TG_DSP_POOL_H

#include "tg_dsp_taps.h"
#include "tg_pool_2d_s8.h"

/* For output row `row`; columns are still to be found. size: bytes of an element. */
static inline tg_tap_walk tg_row_taps(const tg_pool_2d_s8_params *p, const int8_t *input, int32_t row, int32_t size) {
    const tg_window *w = &p->window;
    const int32_t image = row / w->output_h, y = row % w->output_h;
    const tg_taps v = tg_taps_inside(y, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
    const int8_t *top = tg_row(input, p->input, image * w->input_h + v.origin + v.first);
    const tg_ring ring = p->input;
    const tg_tap_walk taps = {input, (int32_t)(top - input), 0, ring.stride, ring.stride * ring.height, v.end - v.first,
                              0,     p->channels * size};
    return taps;
}

/* For output column x of that row. */
static inline void tg_find_columns(tg_tap_walk *taps, const tg_window *w, int32_t x) {
    const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
    taps->first = taps->top + (h.origin + h.first) * taps->channels;
    taps->columns = h.end - h.first;
}

/* How many channels a block has: the last block of a pixel may overlap the one before it. 1 where there are few. */
static inline int32_t tg_pool_block(int32_t channels) {
    return channels >= 8 && !TG_SMALL ? 8 : channels >= 4 ? 4 : 1;
}

/* Clamps `count` elements to low .. high, where that is not all of int16. */
static inline void tg_clamp_row_s16(int16_t *row, int32_t count, int32_t low, int32_t high) {
    if (low == -32768 && high == 32767) {
        return;
    }
    for (; count > 0; count--, row++) {
        *row = (int16_t)tg_clamp(*row, low, high);
    }
}

#endif
