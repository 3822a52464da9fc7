/* Portable: one output element after the other. */
#include "tg_max_pool_2d_s8.h"

static int32_t largest_tap(const tg_max_pool_2d_s8_params *p, const int8_t *input, int32_t image_row, tg_taps v,
                           tg_taps h, int32_t channel) {
    int32_t largest = -128;
    for (int32_t ky = v.first; ky < v.end; ky++) {
        const int8_t *row = tg_row(input, p->input, image_row + v.origin + ky) + channel;
        for (int32_t kx = h.first; kx < h.end; kx++) {
            const int32_t tap = row[(h.origin + kx) * p->channels];
            largest = tap > largest ? tap : largest;
        }
    }
    return largest;
}

void tg_max_pool_2d_s8(const tg_max_pool_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                       int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image = r / w->output_h, y = r % w->output_h;
        const tg_taps v = tg_taps_inside(y, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t c = 0; c < p->channels; c++) {
                const int32_t largest = largest_tap(p, input, image * w->input_h, v, h, c);
                *out++ = (int8_t)tg_clamp(largest, p->output_min, p->output_max);
            }
        }
    }
}
