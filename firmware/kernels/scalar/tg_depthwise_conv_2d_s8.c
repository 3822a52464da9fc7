/* Portable: a pixel's taps are located once for all its filters, which are computed four at a time. */
#include "tg_depthwise_conv_2d_s8.h"

#include "tg_depthwise_taps.h"

static int8_t store(const tg_depthwise_conv_2d_s8_params *p, uint32_t acc, const tg_requant *requant) {
    const int32_t stored = tg_multiply((int32_t)acc, *requant) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

/* Four filters, `filter` and on, of four neighbouring channels that begin at `input`; sums wrap as TFLite's registers
   do. zeros: four zero points. */
static void compute_4(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, const int32_t *tap,
                      const int32_t *end, const int8_t *zeros, int32_t filter, int8_t *out) {
    const int8_t *weights = p->weights + filter;
    const int32_t all = p->input_c * p->multiplier;
    uint32_t a = (uint32_t)p->bias[filter], b = (uint32_t)p->bias[filter + 1];
    uint32_t c = (uint32_t)p->bias[filter + 2], d = (uint32_t)p->bias[filter + 3];
    do {
        const int8_t *x = *tap == TG_OUTSIDE ? zeros : input + *tap;
        a += (uint32_t)(x[0] * weights[0]);
        b += (uint32_t)(x[1] * weights[1]);
        c += (uint32_t)(x[2] * weights[2]);
        d += (uint32_t)(x[3] * weights[3]);
        weights += all;
    } while (++tap != end);
    const int32_t step = p->requant_step;
    const tg_requant *requant = p->requant + filter * step;
    out[0] = store(p, a, requant);
    out[1] = store(p, b, requant + step);
    out[2] = store(p, c, requant + 2 * step);
    out[3] = store(p, d, requant + 3 * step);
}

/* One filter of the channel that begins at `input`. */
static int8_t compute_1(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, const int32_t *tap,
                        const int32_t *end, int32_t filter) {
    const int8_t *weights = p->weights + filter;
    uint32_t acc = (uint32_t)p->bias[filter];
    for (; tap != end; tap++, weights += p->input_c * p->multiplier) {
        acc += (uint32_t)((*tap == TG_OUTSIDE ? p->input_zero_point : input[*tap]) * *weights);
    }
    return store(p, acc, p->requant + filter * p->requant_step);
}

/* All filters at one output pixel. */
static void compute_pixel(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, const int32_t *taps,
                          int8_t *out) {
    const int32_t all = p->input_c * p->multiplier, by_four = p->multiplier == 1 ? all & ~3 : 0;
    const int32_t *end = taps + p->window.kernel_h * p->window.kernel_w;
    const int8_t zero = (int8_t)p->input_zero_point, zeros[4] = {zero, zero, zero, zero};
    for (int32_t filter = 0; filter < by_four; filter += 4) {
        compute_4(p, input + filter, taps, end, zeros, filter, out + filter);
    }
    int32_t channel = by_four, rest = p->multiplier; /* filters of the channel that are left */
    for (int32_t filter = by_four; filter < all; filter++) {
        out[filter] = compute_1(p, input + channel, taps, end, filter);
        if (--rest == 0) {
            rest = p->multiplier;
            channel++;
        }
    }
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    int32_t *taps = (int32_t *)scratch;
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    for (int32_t r = first; r < first + count; r++) {
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            tg_locate(p, image_row, y * w->stride_h - w->pad_top, x * w->stride_w - w->pad_left, taps);
            compute_pixel(p, input, taps, out);
            out += p->input_c * p->multiplier;
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
}
