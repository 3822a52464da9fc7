/* Four filters at a time share an input pixel; every sum keeps its order. */
#include "tg_transpose_conv_f32.h"
#include "tg_dsp_floats.h"

/* Four filters' sums over the inputs that reach an output. */
static tg_float_sums sum_inputs(const tg_transpose_conv_f32_params *p, const float *input,
                                const float *const filters[4], int32_t image_row, tg_span v, tg_span h) {
    const tg_window *w = &p->window;
    tg_float_sums sums = {{0.0f, 0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}};
    for (int32_t y = v.first; y < v.end; y++) {
        const float *row = (const float *)(const void *)tg_row((const int8_t *)input, p->input, image_row + y);
        for (int32_t x = h.first; x < h.end; x++) {
            const int32_t tap = (v.origin - y * w->stride_h) * w->kernel_w + h.origin - x * w->stride_w;
            tg_float_add(row + x * p->input_c, 0, filters, tap * p->input_c, p->input_c, 1, &sums);
        }
    }
    return sums;
}

void tg_transpose_conv_f32(const tg_transpose_conv_f32_params *p, const float *input, const float *weights,
                           const float *bias, float *output, int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    const int32_t depth = w->kernel_h * w->kernel_w * p->input_c;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_span v = tg_span_under(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            const tg_span h = tg_span_under(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t f = 0; f < p->output_c; f += 4) {
                const int32_t part = p->output_c - f < 4 ? p->output_c - f : 4;
                const float *filters[4];
                for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
                    filters[i] = weights + (f + (i < part ? i : part - 1)) * depth;
                }
                const tg_float_sums sums = sum_inputs(p, input, filters, image_row, v, h);
                for (int32_t i = 0; i < part; i++) {
                    out[f + i] = tg_clamped(sums.x[i] + bias[f + i], p->output_min, p->output_max);
                }
            }
        }
    }
}
