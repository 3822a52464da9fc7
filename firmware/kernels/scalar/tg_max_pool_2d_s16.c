/* Portable: one output element after the other. */
#include "tg_max_pool_2d_s16.h"

/* The largest element of a channel among the taps. */
static int32_t largest_tap(const tg_max_pool_2d_s16_params *p, const int16_t *input, int32_t image_row, tg_taps v,
                           tg_taps h, int32_t channel) {
    int32_t largest = -32768;
    for (int32_t ky = v.first; ky < v.end; ky++) {
        const int16_t *row =
            (const int16_t *)(const void *)tg_row((const int8_t *)input, p->input, image_row + v.origin + ky);
        for (int32_t kx = h.first; kx < h.end; kx++) {
            const int32_t tap = row[(h.origin + kx) * p->channels + channel];
            largest = tap > largest ? tap : largest;
        }
    }
    return largest;
}

void tg_max_pool_2d_s16(const tg_max_pool_2d_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                        int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_taps v = tg_taps_inside(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        int16_t *out = (int16_t *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t c = 0; c < p->channels; c++) {
                const int32_t largest = largest_tap(p, input, image_row, v, h, c);
                *out++ = (int16_t)tg_clamp(largest, p->output_min, p->output_max);
            }
        }
    }
}
