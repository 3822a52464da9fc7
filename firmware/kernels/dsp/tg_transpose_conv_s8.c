/* Four filters at a time share the words of an input pixel. */
#include "tg_transpose_conv_s8.h"
#include "tg_dsp_dot.h"

/* Adds four filters' products with the inputs that reach an output. Sums wrap as TFLite's registers do. */
static void sum_inputs(const tg_transpose_conv_s8_params *p, const int8_t *input, const int8_t *const filters[4],
                       int32_t image_row, tg_span v, tg_span h, uint32_t sums[4]) {
    const tg_window *w = &p->window;
    for (int32_t y = v.first; y < v.end; y++) {
        const int8_t *row = tg_row(input, p->input, image_row + y);
        for (int32_t x = h.first; x < h.end; x++) {
            const int32_t tap = (v.origin - y * w->stride_h) * w->kernel_w + h.origin - x * w->stride_w;
            const int32_t at = tap * p->input_c;
            const int8_t *rows[4] = {filters[0] + at, filters[1] + at, filters[2] + at, filters[3] + at};
            tg_dot_four(row + x * p->input_c, -p->input_zero_point, rows, p->input_c, sums);
        }
    }
}

/* All filters at an output pixel. */
static void compute(const tg_transpose_conv_s8_params *p, const int8_t *input, int32_t image_row, tg_span v, tg_span h,
                    int8_t *out) {
    const int32_t depth = p->window.kernel_h * p->window.kernel_w * p->input_c;
    for (int32_t f = 0; f < p->output_c; f += 4) {
        const int32_t count = p->output_c - f < 4 ? p->output_c - f : 4;
        const int8_t *filters[4];
        uint32_t sums[4];
        for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
            const int32_t filter = f + (i < count ? i : count - 1);
            filters[i] = p->weights + filter * depth;
            sums[i] = (uint32_t)p->bias[filter];
        }
        sum_inputs(p, input, filters, image_row, v, h, sums);
        for (int32_t i = 0; i < count; i++) {
            const tg_requant requant = p->requant[(f + i) * p->requant_step];
            const int32_t stored = tg_multiply((int32_t)sums[i], requant) + p->output_zero_point;
            out[f + i] = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
        }
    }
}

void tg_transpose_conv_s8(const tg_transpose_conv_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_span v = tg_span_under(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            const tg_span h = tg_span_under(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            compute(p, input, image_row, v, h, out);
        }
    }
}
