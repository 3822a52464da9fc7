/* Portable: one output element after the other. */
#include "tg_transpose_conv_f32.h"

/* One filter's sum over the inputs that reach an output. */
static float sum_inputs(const tg_transpose_conv_f32_params *p, const float *input, const float *weights,
                        int32_t image_row, tg_span v, tg_span h) {
    const tg_window *w = &p->window;
    float sum = 0.0f;
    for (int32_t y = v.first; y < v.end; y++) {
        const float *row = (const float *)(const void *)tg_row((const int8_t *)input, p->input, image_row + y);
        for (int32_t x = h.first; x < h.end; x++) {
            const float *pixel = row + x * p->input_c;
            const int32_t tap = (v.origin - y * w->stride_h) * w->kernel_w + h.origin - x * w->stride_w;
            const float *filter = weights + tap * p->input_c;
            for (int32_t c = 0; c < p->input_c; c++) {
                const float product = pixel[c] * filter[c];
                sum += product;
            }
        }
    }
    return sum;
}

void tg_transpose_conv_f32(const tg_transpose_conv_f32_params *p, const float *input, const float *weights,
                           const float *bias, float *output, int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    const int32_t depth = w->kernel_h * w->kernel_w * p->input_c;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_span v = tg_span_under(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_span h = tg_span_under(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t f = 0; f < p->output_c; f++) {
                const float sum = sum_inputs(p, input, weights + f * depth, image_row, v, h);
                *out++ = tg_clamped(sum + bias[f], p->output_min, p->output_max);
            }
        }
    }
}
