/* Portable: one output element after the other. */
#include "tg_conv_2d_f32.h"

/* The sum of one filter over the taps inside the image, from channel `channel` on. */
static float sum_taps(const tg_conv_2d_f32_params *p, const float *input, const float *weights, int32_t image_row,
                      int32_t top, int32_t left, int32_t channel) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    float sum = 0.0f;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t y = top + ky * w->dilation_h;
        if (y < 0 || y >= w->input_h) {
            continue;
        }
        const float *row = (const float *)(const void *)tg_row((const int8_t *)input, p->input, image_row + y);
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int32_t x = left + kx * w->dilation_w;
            if (x < 0 || x >= w->input_w) {
                continue;
            }
            const float *pixel = row + x * p->input_c + channel;
            const float *tap = weights + (ky * w->kernel_w + kx) * p->tap_step;
            for (int32_t c = 0; c < channels; c++) {
                const float product = pixel[c] * tap[c];
                sum += product;
            }
        }
    }
    return sum;
}

void tg_conv_2d_f32(const tg_conv_2d_f32_params *p, const float *input, const float *weights, const float *bias,
                    float *output, int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const int32_t top = r % w->output_h * w->stride_h - w->pad_top;
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const int32_t left = x * w->stride_w - w->pad_left;
            for (int32_t f = 0; f < p->output_c; f++) {
                const float sum =
                    sum_taps(p, input, weights + f * p->filter_step, image_row, top, left, f / filters * channels);
                *out++ = tg_clamped(sum + bias[f], p->output_min, p->output_max);
            }
        }
    }
}
