/* Helium: the patch under a pixel as 16-byte vectors, times four filters at a time. */
#include "tg_conv_2d_s8.h"
#include "tg_mve.h"

static void copy(int8_t *to, const int8_t *from, int32_t bytes) {
    for (; bytes > 0; bytes -= 16, to += 16, from += 16) {
        const mve_pred16_t lanes = vctp8q((uint32_t)bytes);
        vstrbq_p_s8(to, vldrbq_z_s8(from, lanes), lanes);
    }
}

static void fill(int8_t *to, int8_t value, int32_t bytes) {
    for (; bytes > 0; bytes -= 16, to += 16) {
        vstrbq_p_s8(to, vdupq_n_s8(value), vctp8q((uint32_t)bytes));
    }
}

/* The patch of one group under an output pixel, zero points outside the image: [kernel_h][kernel_w][channels]. */
static void gather(const tg_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t y, int32_t x,
                   int32_t group, int8_t *patch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, run = w->kernel_w * channels;
    const int8_t zero = (int8_t)p->input_zero_point;
    const int32_t left = x * w->stride_w - w->pad_left;
    const int is_run = w->dilation_w == 1 && p->groups == 1; /* a row's taps lie one after the other */
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t in_y = y * w->stride_h - w->pad_top + ky * w->dilation_h;
        if (in_y < 0 || in_y >= w->input_h) {
            fill(patch, zero, run);
            patch += run;
            continue;
        }
        const int8_t *row = tg_row(input, p->input, image_row + in_y);
        if (is_run && left >= 0 && left + w->kernel_w <= w->input_w) {
            copy(patch, row + left * channels, run);
            patch += run;
            continue;
        }
        for (int32_t kx = 0; kx < w->kernel_w; kx++, patch += channels) {
            const int32_t in_x = left + kx * w->dilation_w;
            if (in_x >= 0 && in_x < w->input_w) {
                copy(patch, row + in_x * p->input_c + group * channels, channels);
            } else {
                fill(patch, zero, channels);
            }
        }
    }
}

/* `filters` outputs of one pixel, four at a time. */
static void multiply(const tg_conv_2d_s8_params *p, const tg_mve_output *o, const int8_t *patch, int32_t depth,
                     int32_t first, int32_t filters, int8_t *out) {
    const int32_t stride = p->filter_stride, last = first + filters;
    const int8_t *weights = p->weights + first * stride;
    for (; first + 4 <= last; first += 4, weights += 4 * stride, out += 4) {
        const int32x4_t sum = tg_mve_dot4(patch, weights, stride, depth);
        tg_mve_store4(o, vaddq_s32(sum, vldrwq_s32(p->bias + first)), first, out);
    }
    if (first < last) {
        const int32x4_t sum = tg_mve_dot(patch, weights, stride, depth, last - first);
        const int32x4_t bias = vldrwq_z_s32(p->bias + first, vctp32q((uint32_t)(last - first)));
        tg_mve_store(o, vaddq_s32(sum, bias), first, last - first, out);
    }
}

void tg_conv_2d_s8(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    const tg_window *w = &p->window;
    const tg_mve_output o = {p->requant, p->requant_step, p->output_zero_point, p->output_min, p->output_max};
    const int32_t depth = w->kernel_h * w->kernel_w * (p->input_c / p->groups);
    const int32_t filters = p->output_c / p->groups;
    const int is_pointwise = w->kernel_h == 1 && w->kernel_w == 1 && w->pad_top == 0 && w->pad_left == 0;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image = r / w->output_h, y = r % w->output_h;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            for (int32_t group = 0; group < p->groups; group++, out += filters) {
                const int8_t *patch = (const int8_t *)scratch;
                if (is_pointwise) {
                    patch = tg_row(input, p->input, image * w->input_h + y * w->stride_h) +
                            x * w->stride_w * p->input_c + group * depth;
                } else {
                    gather(p, input, image * w->input_h, y, x, group, (int8_t *)scratch);
                }
                multiply(p, &o, patch, depth, group * filters, filters, out);
            }
        }
    }
}
