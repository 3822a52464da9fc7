/* Two filters at a time share the words of an input pixel. */
#include "tg_transpose_conv_s16.h"
#include "tg_dsp_wide.h"

/* Adds two filters' products with the inputs that reach an output; `other` lies so many weights behind the first. */
static void sum_inputs(const tg_transpose_conv_s16_params *p, const int16_t *input, const int8_t *weights,
                       int32_t other, int32_t image_row, tg_span v, tg_span h, int64_t sums[2]) {
    const tg_window *w = &p->window;
    for (int32_t y = v.first; y < v.end; y++) {
        const int16_t *row = (const int16_t *)(const void *)tg_row((const int8_t *)input, p->input, image_row + y);
        for (int32_t x = h.first; x < h.end; x++) {
            const int32_t tap = (v.origin - y * w->stride_h) * w->kernel_w + h.origin - x * w->stride_w;
            const int8_t *filter = weights + tap * p->input_c;
            tg_wide_dot_two(row + x * p->input_c, filter, filter + other, p->input_c, sums);
        }
    }
}

static int16_t store(const tg_transpose_conv_s16_params *p, int64_t acc, int32_t f) {
    const tg_requant requant = p->requant[f * p->requant_step];
    const int32_t stored = tg_wide_or_narrow_multiply(tg_wide_add(acc, p->bias[f]), requant, p->narrow);
    return (int16_t)tg_clamp(stored, p->output_min, p->output_max);
}

void tg_transpose_conv_s16(const tg_transpose_conv_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                           int32_t count) {
    const tg_window *w = &p->window;
    const int32_t depth = w->kernel_h * w->kernel_w * p->input_c;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_span v = tg_span_under(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        int16_t *out = (int16_t *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            const tg_span h = tg_span_under(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t f = 0; f < p->output_c; f += 2) {
                const int32_t next = f + 1 < p->output_c ? f + 1 : f; /* the last of an odd number meets itself */
                int64_t sums[2] = {0, 0};
                sum_inputs(p, input, p->weights + f * depth, (next - f) * depth, image_row, v, h, sums);
                out[f] = store(p, sums[0], f);
                out[next] = store(p, sums[next - f], next);
            }
        }
    }
}
