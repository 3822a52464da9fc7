/* Portable: gathers the patch under one output pixel and its sum, then multiplies it with one filter after the other.
 */
#include "tg_conv_2d_u8.h"

/* The patch of one group, zero points outside the image: [kernel_h][kernel_w][channels]. Returns its sum. */
static int32_t gather(const tg_conv_2d_u8_params *p, const int8_t *input, int32_t image_row, int32_t top, int32_t left,
                      int32_t channel, int8_t *patch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    int32_t sum = 0;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t y = top + ky * w->dilation_h;
        const int inside_y = y >= 0 && y < w->input_h;
        const int8_t *row = tg_row(input, p->input, inside_y ? image_row + y : 0);
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int32_t x = left + kx * w->dilation_w;
            const int inside = inside_y && x >= 0 && x < w->input_w;
            for (int32_t c = 0; c < channels; c++) {
                *patch = inside ? row[x * p->input_c + channel + c] : (int8_t)p->input_zero_point;
                sum += *patch++;
            }
        }
    }
    return sum;
}

/* Sums wrap as TFLite's registers do. */
static int8_t filtered(const tg_conv_2d_u8_params *p, const int8_t *patch, int32_t depth, int32_t sum, int32_t f) {
    const int8_t *filter = p->weights + f * depth;
    uint32_t acc = (uint32_t)p->bias[f] - (uint32_t)sum * (uint32_t)p->weights_zero_point;
    for (int32_t i = 0; i < depth; i++) {
        acc += (uint32_t)(patch[i] * filter[i]);
    }
    const int32_t stored = tg_multiply((int32_t)acc, p->requant[f * p->requant_step]) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

void tg_conv_2d_u8(const tg_conv_2d_u8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    const int32_t depth = w->kernel_h * w->kernel_w * channels;
    int8_t *patch = (int8_t *)scratch;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const int32_t top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            int32_t sum = 0;
            for (int32_t f = 0; f < p->output_c; f++) {
                if (f % filters == 0) {
                    sum =
                        gather(p, input, image_row, top, x * w->stride_w - w->pad_left, f / filters * channels, patch);
                }
                *out++ = filtered(p, patch, depth, sum, f);
            }
        }
    }
}
