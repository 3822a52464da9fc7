/* Portable: gathers the patch under one output pixel, then multiplies it with two filters at a time. */
#include "tg_conv_2d_s8.h"

/* Where in the ring a row lies, even one above the first image. */
static int32_t ring_place(const tg_conv_2d_s8_params *p, int32_t row) {
    const int32_t place = row % p->input.height;
    return place < 0 ? place + p->input.height : place;
}

/* The patch of one group under an output pixel, zero points outside the image: [kernel_h][kernel_w][channels].
   input: the group's first channel; place, top, left: where the first tap lies in the ring and in the image. */
static void gather(const tg_conv_2d_s8_params *p, const int8_t *input, int32_t place, int32_t top, int32_t left,
                   int32_t channels, int8_t *patch) {
    const tg_window *w = &p->window;
    const int8_t fill = (int8_t)p->input_zero_point;
    const int32_t step = ring_place(p, w->dilation_h);
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int inside_y = top >= 0 && top < w->input_h;
        const int8_t *row = input + place * p->input.stride;
        int32_t in_x = left;
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            if (inside_y && in_x >= 0 && in_x < w->input_w) {
                const int8_t *pixel = row + in_x * p->input_c;
                for (int32_t c = 0; c < channels; c++) {
                    *patch++ = pixel[c];
                }
            } else {
                for (int32_t c = 0; c < channels; c++) {
                    *patch++ = fill;
                }
            }
            in_x += w->dilation_w;
        }
        top += w->dilation_h;
        place += step;
        place -= place < p->input.height ? 0 : p->input.height;
    }
}

static int8_t store(const tg_conv_2d_s8_params *p, uint32_t acc, int32_t f) {
    const int32_t stored = tg_multiply((int32_t)acc, p->requant[f * p->requant_step]) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

/* The filters of one group at one pixel. |sum| <= depth * 2**14, and the bias was folded with wrap-around: unsigned
   sums wrap as TFLite's registers do. */
static void multiply(const tg_conv_2d_s8_params *p, const int8_t *patch, int32_t depth, int32_t first, int32_t end,
                     int8_t *out) {
    for (int32_t f = first; f < end; f += 2) {
        const int32_t next = f + 1 < end ? f + 1 : f; /* the last of an odd number meets itself */
        const int8_t *filter = p->weights + f * p->filter_stride, *other = p->weights + next * p->filter_stride;
        uint32_t acc = (uint32_t)p->bias[f], other_acc = (uint32_t)p->bias[next];
        for (int32_t i = 0; i < depth; i++) {
            acc += (uint32_t)(patch[i] * filter[i]);
            other_acc += (uint32_t)(patch[i] * other[i]);
        }
        *out++ = store(p, acc, f);
        if (next != f) {
            *out++ = store(p, other_acc, next);
        }
    }
}

void tg_conv_2d_s8(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    const int32_t depth = w->kernel_h * w->kernel_w * channels;
    const int is_pointwise = w->kernel_h == 1 && w->kernel_w == 1 && w->pad_top == 0 && w->pad_left == 0;
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t top = y * w->stride_h - w->pad_top;
        const int32_t place = ring_place(p, image_row + top);
        const int8_t *row = input + place * p->input.stride;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const int32_t left = x * w->stride_w - w->pad_left;
            for (int32_t group = 0; group < p->groups; group++) {
                const int8_t *patch = (const int8_t *)scratch;
                if (is_pointwise) {
                    patch = row + left * p->input_c + group * channels;
                } else {
                    gather(p, input + group * channels, place, top, left, channels, (int8_t *)scratch);
                }
                multiply(p, patch, depth, group * filters, (group + 1) * filters, out);
                out += filters;
            }
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
}
