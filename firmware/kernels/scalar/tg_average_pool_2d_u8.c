/* Portable: one output element after the other. */
#include "tg_average_pool_2d_u8.h"

/* The sum of the uint8 of a channel over the taps; 0 <= sum < 2**8 * taps < 2**31. */
static int32_t sum_taps(const tg_average_pool_2d_u8_params *p, const int8_t *input, int32_t image_row, tg_taps v,
                        tg_taps h, int32_t channel) {
    int32_t sum = 0;
    for (int32_t ky = v.first; ky < v.end; ky++) {
        const int8_t *row = tg_row(input, p->input, image_row + v.origin + ky);
        for (int32_t kx = h.first; kx < h.end; kx++) {
            const int32_t tap = row[(h.origin + kx) * p->channels + channel];
            sum += tap + 128;
        }
    }
    return sum;
}

void tg_average_pool_2d_u8(const tg_average_pool_2d_u8_params *p, const int8_t *input, int8_t *output, int32_t first,
                           int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_taps v = tg_taps_inside(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t c = 0; c < p->channels; c++) {
                const int32_t taps = (v.end - v.first) * (h.end - h.first);
                const int32_t mean = (sum_taps(p, input, image_row, v, h, c) + taps / 2) / taps - 128;
                *out++ = (int8_t)tg_clamp(mean, p->output_min, p->output_max);
            }
        }
    }
}
