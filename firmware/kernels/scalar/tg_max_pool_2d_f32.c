/* Portable: one output element after the other. */
#include "tg_max_pool_2d_f32.h"

/* The largest element of a channel among the taps. */
static float largest_tap(const tg_max_pool_2d_f32_params *p, const float *input, int32_t image_row, tg_taps v,
                         tg_taps h, int32_t channel) {
    float largest = -3.402823466e+38f;
    for (int32_t ky = v.first; ky < v.end; ky++) {
        const float *row =
            (const float *)(const void *)tg_row((const int8_t *)input, p->input, image_row + v.origin + ky);
        for (int32_t kx = h.first; kx < h.end; kx++) {
            const float tap = row[(h.origin + kx) * p->channels + channel];
            largest = tap > largest ? tap : largest;
        }
    }
    return largest;
}

void tg_max_pool_2d_f32(const tg_max_pool_2d_f32_params *p, const float *input, float *output, int32_t first,
                        int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_taps v = tg_taps_inside(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t c = 0; c < p->channels; c++) {
                const float largest = largest_tap(p, input, image_row, v, h, c);
                *out++ = tg_clamped(largest, p->output_min, p->output_max);
            }
        }
    }
}
