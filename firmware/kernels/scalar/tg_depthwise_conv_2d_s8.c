/* Portable: up to 32 filters of one output pixel at a time, so that each tap is located once for all of them. */
#include "tg_depthwise_conv_2d_s8.h"

enum { FILTERS = 32 };

/* One tap of all filters; sums wrap as TFLite's registers do. */
static void add_tap(uint32_t *acc, const uint32_t *end, const int8_t *tap, int32_t step, const int8_t *weights) {
    while (acc != end) {
        *acc++ += (uint32_t)(*tap * *weights++);
        tap += step;
    }
}

/* The sums of `filters` filters from `filter` on. tap_step is 1 where each has its own channel, 0 where all share
   `channel`. place, top, left: the first tap's place in the ring, row and column. */
static void accumulate(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int32_t place, int32_t top,
                       int32_t left, int32_t filter, int32_t filters, int32_t channel, uint32_t acc[FILTERS]) {
    const tg_window *w = &p->window;
    const int32_t all = p->input_c * p->multiplier, tap_step = p->multiplier == 1,
                  ring_step = w->dilation_h % p->input.height;
    const int8_t zero_point = (int8_t)p->input_zero_point;
    const int8_t *weights = p->weights + filter;
    for (int32_t i = 0; i < filters; i++) {
        acc[i] = (uint32_t)p->bias[filter + i];
    }
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int inside_y = top >= 0 && top < w->input_h;
        const int8_t *row = input + place * p->input.stride + channel;
        int32_t in_x = left;
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int inside = inside_y && in_x >= 0 && in_x < w->input_w;
            const int8_t *tap = inside ? row + in_x * p->input_c : &zero_point;
            add_tap(acc, acc + filters, tap, inside ? tap_step : 0, weights);
            weights += all;
            in_x += w->dilation_w;
        }
        top += w->dilation_h;
        place += ring_step;
        place -= place < p->input.height ? 0 : p->input.height;
    }
}

/* All filters at one output pixel. */
static void compute_pixel(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int32_t place, int32_t top,
                          int32_t left, int8_t *out) {
    const int32_t all = p->input_c * p->multiplier;
    const int32_t together = p->multiplier == 1 ? all : p->multiplier; /* filters on neighbouring or equal channels */
    int32_t filters;
    for (int32_t filter = 0; filter < all; filter += filters) {
        const int32_t channel = filter / p->multiplier, rest = together - filter % together;
        uint32_t acc[FILTERS];
        filters = rest < FILTERS ? rest : FILTERS;
        accumulate(p, input, place, top, left, filter, filters, channel, acc);
        for (int32_t i = 0; i < filters; i++) {
            const tg_requant requant = p->requant[(filter + i) * p->requant_step];
            const int32_t stored = tg_multiply((int32_t)acc[i], requant) + p->output_zero_point;
            *out++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
        }
    }
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t top = y * w->stride_h - w->pad_top;
        const int32_t place = (image_row + top) % p->input.height;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            compute_pixel(p, input, place < 0 ? place + p->input.height : place, top, x * w->stride_w - w->pad_left,
                          out);
            out += p->input_c * p->multiplier;
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
}
