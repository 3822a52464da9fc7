/* Portable: gathers the patch under one output pixel, then multiplies it with every filter. */
#include "tg_conv_2d_s8.h"

/* The patch of one group under an output pixel, zero points outside the image: [kernel_h][kernel_w][channels]. */
static void gather(const tg_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t y, int32_t x,
                   int32_t group, int8_t *patch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t in_y = y * w->stride_h - w->pad_top + ky * w->dilation_h;
        const int inside_y = in_y >= 0 && in_y < w->input_h;
        const int8_t *row = inside_y ? tg_row(input, p->input, image_row + in_y) : input;
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int32_t in_x = x * w->stride_w - w->pad_left + kx * w->dilation_w;
            const int inside = inside_y && in_x >= 0 && in_x < w->input_w;
            const int8_t *pixel = inside ? row + in_x * p->input_c + group * channels : row;
            for (int32_t c = 0; c < channels; c++) {
                *patch++ = inside ? pixel[c] : (int8_t)p->input_zero_point;
            }
        }
    }
}

/* |sum| <= depth * 2**14, and the bias was folded with wrap-around: unsigned sums wrap as TFLite's registers do. */
static int32_t dot(const int8_t *patch, const int8_t *filter, int32_t depth, int32_t bias) {
    uint32_t acc = (uint32_t)bias;
    for (int32_t i = 0; i < depth; i++) {
        acc += (uint32_t)(patch[i] * filter[i]);
    }
    return (int32_t)acc;
}

void tg_conv_2d_s8(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    const tg_window *w = &p->window;
    const int32_t depth = w->kernel_h * w->kernel_w * (p->input_c / p->groups);
    const int32_t filters = p->output_c / p->groups;
    const int is_pointwise = w->kernel_h == 1 && w->kernel_w == 1 && w->pad_top == 0 && w->pad_left == 0;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image = r / w->output_h, y = r % w->output_h;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            for (int32_t group = 0; group < p->groups; group++) {
                const int8_t *patch = (const int8_t *)scratch;
                if (is_pointwise) {
                    patch = tg_row(input, p->input, image * w->input_h + y * w->stride_h) +
                            x * w->stride_w * p->input_c + group * depth;
                } else {
                    gather(p, input, image * w->input_h, y, x, group, (int8_t *)scratch);
                }
                for (int32_t f = group * filters; f < (group + 1) * filters; f++) {
                    const int32_t acc = dot(patch, p->weights + f * p->filter_stride, depth, p->bias[f]);
                    const int32_t stored = tg_multiply(acc, p->requant[f * p->requant_step]) + p->output_zero_point;
                    *out++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
                }
            }
        }
    }
}
