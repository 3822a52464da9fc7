/* Portable: one output element after the other. */
#include "tg_conv_2d_f32_s8.h"

/* One filter's sum over the taps inside the image, from channel `channel` on. |sum| <= depth * 255 * 2**7 < 2**31. */
static int32_t sum_taps(const tg_conv_2d_f32_s8_params *p, const int8_t *image, const int8_t *weights, int32_t top,
                        int32_t left, int32_t channel, int32_t zero_point) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    int32_t sum = 0;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t y = top + ky * w->dilation_h;
        if (y < 0 || y >= w->input_h) {
            continue;
        }
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int32_t x = left + kx * w->dilation_w;
            if (x < 0 || x >= w->input_w) {
                continue;
            }
            const int8_t *pixel = image + (y * w->input_w + x) * p->input_c + channel;
            const int8_t *tap = weights + (ky * w->kernel_w + kx) * channels;
            for (int32_t c = 0; c < channels; c++) {
                sum += (pixel[c] - zero_point) * tap[c];
            }
        }
    }
    return sum;
}

void tg_conv_2d_f32_s8(const tg_conv_2d_f32_s8_params *p, const float *input, float *output, void *scratch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    const int32_t depth = w->kernel_h * w->kernel_w * channels, elements = w->input_h * w->input_w * p->input_c;
    int8_t *image = (int8_t *)scratch;
    for (int32_t i = 0; i < p->images; i++) {
        const tg_hybrid_scale scale = tg_hybrid_quantize(input + i * elements, elements, p->symmetric, image);
        for (int32_t at = 0; at < w->output_h * w->output_w; at++) {
            const int32_t top = at / w->output_w * w->stride_h - w->pad_top;
            const int32_t left = at % w->output_w * w->stride_w - w->pad_left;
            for (int32_t f = 0; f < p->output_c; f++) {
                const int32_t sum =
                    sum_taps(p, image, p->weights + f * depth, top, left, f / filters * channels, scale.zero_point);
                const float real = (float)sum * (scale.scale * p->scale[f * p->scale_step]);
                *output++ = tg_clamped(real + p->bias[f], p->output_min, p->output_max);
            }
        }
    }
}
