/* Two neighbouring pixels and four filters at a time; four channels where each has its own filter. */
#include "tg_conv_2d_f32.h"
#include "tg_dsp_floats.h"
#include "tg_inside.h"

static tg_inside columns_at(const tg_window *w, int32_t x) {
    return tg_inside_of(x * w->stride_w - w->pad_left, w->kernel_w, w->dilation_w, w->input_w);
}

/* The first tap's place in the tap's row: a pixel's first channel. */
static const float *tap_at(const tg_conv_2d_f32_params *p, const float *input, int32_t row, tg_inside h) {
    const int8_t *place = tg_row((const int8_t *)input, p->input, row);
    return (const float *)(const void *)place + (h.origin + h.first * p->window.dilation_w) * p->input_c;
}

/* Four filters' sums at a pixel, and at the one `other` elements further on. */
static tg_float_sums sum_four(const tg_conv_2d_f32_params *p, const float *input, const float *const filters[4],
                              int32_t image_row, tg_inside v, tg_inside h, int32_t channel, int32_t other) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, columns = h.end - h.first;
    const int is_one = w->dilation_w == 1 && channels == p->input_c && channels == p->tap_step; /* run of neighbours */
    const int32_t runs = is_one ? columns > 0 : columns, length = is_one ? columns * channels : channels;
    const int32_t step = w->dilation_w * p->input_c;
    tg_float_sums sums = {{0.0f, 0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}};
    for (int32_t ky = v.first; ky < v.end; ky++) {
        const float *x = tap_at(p, input, image_row + v.origin + ky * w->dilation_h, h) + channel;
        int32_t at = (ky * w->kernel_w + h.first) * p->tap_step;
        for (int32_t run = 0; run < runs; run++, x += step, at += p->tap_step) {
            tg_float_add(x, other, filters, at, length, 2, &sums);
        }
    }
    return sums;
}

/* All filters at a pixel; with `other`, at the next one too, whose taps lie so many elements further on. */
TG_NEVER_INLINE void compute(const tg_conv_2d_f32_params *p, const float *input, const float *weights,
                             const float *bias, int32_t image_row, tg_inside v, tg_inside h, int32_t other,
                             float *out) {
    const int32_t channels = p->input_c / p->groups, per_group = p->output_c / p->groups;
    for (int32_t f = 0, left = per_group, channel = 0; f < p->output_c;) {
        const int32_t count = left < 4 ? left : 4;
        const float *filters[4];
        for (int32_t i = 0; i < 4; i++) { /* what is too much of the last block is computed again */
            filters[i] = weights + (f + (i < count ? i : count - 1)) * p->filter_step;
        }
        const tg_float_sums sums = sum_four(p, input, filters, image_row, v, h, channel, other);
        for (int32_t i = 0; i < count; i++) {
            out[f + i] = tg_clamped(sums.x[i] + bias[f + i], p->output_min, p->output_max);
            if (other != 0) {
                out[p->output_c + f + i] = tg_clamped(sums.y[i] + bias[f + i], p->output_min, p->output_max);
            }
        }
        f += count;
        left -= count;
        if (left == 0) {
            left = per_group;
            channel += channels;
        }
    }
}

/* All channels at a pixel, each with its own filter; the last four overlap those before them. */
TG_NEVER_INLINE void compute_channels(const tg_conv_2d_f32_params *p, const float *input, const float *weights,
                                      const float *bias, int32_t image_row, tg_inside v, tg_inside h, float *out) {
    const tg_window *w = &p->window;
    const int32_t step = w->dilation_w * p->input_c;
    for (int32_t next = 0; next < p->output_c; next += 4) {
        const int32_t f = next + 4 < p->output_c ? next : p->output_c - 4;
        float a = 0.0f, b = 0.0f, c = 0.0f, d = 0.0f;
        for (int32_t ky = v.first; ky < v.end; ky++) {
            const float *x = tap_at(p, input, image_row + v.origin + ky * w->dilation_h, h) + f;
            const float *tap = weights + (ky * w->kernel_w + h.first) * p->tap_step + f;
            for (int32_t kx = h.first; kx < h.end; kx++, x += step, tap += p->tap_step) {
                const float xa = x[0] * tap[0], xb = x[1] * tap[1], xc = x[2] * tap[2], xd = x[3] * tap[3];
                a += xa, b += xb, c += xc, d += xd;
            }
        }
        out[f] = tg_clamped(a + bias[f], p->output_min, p->output_max);
        out[f + 1] = tg_clamped(b + bias[f + 1], p->output_min, p->output_max);
        out[f + 2] = tg_clamped(c + bias[f + 2], p->output_min, p->output_max);
        out[f + 3] = tg_clamped(d + bias[f + 3], p->output_min, p->output_max);
    }
}

void tg_conv_2d_f32(const tg_conv_2d_f32_params *p, const float *input, const float *weights, const float *bias,
                    float *output, int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    const int is_by_channel =
        p->groups == p->output_c && p->groups == p->input_c && p->filter_step == 1 && p->output_c >= 4;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, y = r % w->output_h;
        const tg_inside v = tg_inside_of(y * w->stride_h - w->pad_top, w->kernel_h, w->dilation_h, w->input_h);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            const tg_inside h = columns_at(w, x), after = columns_at(w, x + 1);
            if (is_by_channel) {
                compute_channels(p, input, weights, bias, image_row, v, h, out);
            } else if (x + 1 < w->output_w && after.first == h.first && after.end == h.end) {
                compute(p, input, weights, bias, image_row, v, h, w->stride_w * p->input_c, out);
                x++;
                out += p->output_c;
            } else {
                compute(p, input, weights, bias, image_row, v, h, 0, out);
            }
        }
    }
}
