/* Portable: one output element after the other. */
#include "tg_depthwise_conv_2d_s8.h"

/* The sum under output pixel x of one channel; unsigned, so that it wraps as TFLite's registers do. */
static int32_t accumulate(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t y,
                          int32_t x, int32_t channel, int32_t filter) {
    const tg_window *w = &p->window;
    const int32_t filters = p->input_c * p->multiplier;
    const int8_t *weight = p->weights + filter;
    uint32_t acc = (uint32_t)p->bias[filter];
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t in_y = y * w->stride_h - w->pad_top + ky * w->dilation_h;
        const int inside_y = in_y >= 0 && in_y < w->input_h;
        const int8_t *row = inside_y ? tg_row(input, p->input, image_row + in_y) + channel : input;
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int32_t in_x = x * w->stride_w - w->pad_left + kx * w->dilation_w;
            const int inside = inside_y && in_x >= 0 && in_x < w->input_w;
            const int32_t value = inside ? row[in_x * p->input_c] : p->input_zero_point;
            acc += (uint32_t)(value * *weight);
            weight += filters;
        }
    }
    return (int32_t)acc;
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image = r / w->output_h, y = r % w->output_h;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            int32_t filter = 0;
            for (int32_t c = 0; c < p->input_c; c++) {
                for (int32_t k = 0; k < p->multiplier; k++, filter++) {
                    const int32_t acc = accumulate(p, input, image * w->input_h, y, x, c, filter);
                    const int32_t stored =
                        tg_multiply(acc, p->requant[filter * p->requant_step]) + p->output_zero_point;
                    *out++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
                }
            }
        }
    }
}
