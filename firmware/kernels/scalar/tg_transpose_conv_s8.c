/* Portable: one output element after the other. */
#include "tg_transpose_conv_s8.h"

/* One filter's sum over the inputs that reach an output. Sums wrap as TFLite's registers do. */
static uint32_t sum_inputs(const tg_transpose_conv_s8_params *p, const int8_t *input, const int8_t *weights,
                           int32_t image_row, tg_span v, tg_span h) {
    const tg_window *w = &p->window;
    uint32_t sum = 0;
    for (int32_t y = v.first; y < v.end; y++) {
        const int8_t *row = tg_row(input, p->input, image_row + y);
        for (int32_t x = h.first; x < h.end; x++) {
            const int8_t *pixel = row + x * p->input_c;
            const int32_t tap = (v.origin - y * w->stride_h) * w->kernel_w + h.origin - x * w->stride_w;
            const int8_t *filter = weights + tap * p->input_c;
            for (int32_t c = 0; c < p->input_c; c++) {
                sum += (uint32_t)((pixel[c] - p->input_zero_point) * filter[c]);
            }
        }
    }
    return sum;
}

static int8_t store(const tg_transpose_conv_s8_params *p, uint32_t acc, int32_t f) {
    const int32_t stored = tg_multiply((int32_t)acc, p->requant[f * p->requant_step]) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

void tg_transpose_conv_s8(const tg_transpose_conv_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count) {
    const tg_window *w = &p->window;
    const int32_t depth = w->kernel_h * w->kernel_w * p->input_c;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_span v = tg_span_under(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_span h = tg_span_under(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t f = 0; f < p->output_c; f++) {
                const uint32_t sum = sum_inputs(p, input, p->weights + f * depth, image_row, v, h);
                *out++ = store(p, sum + (uint32_t)p->bias[f], f);
            }
        }
    }
}
