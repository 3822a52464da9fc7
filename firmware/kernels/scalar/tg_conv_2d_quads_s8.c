/* Portable: one output after the other. */
#include "tg_conv_2d_quads_s8.h"

/* A tap of the patch whose first is at row top, column left of an image; the zero point outside. */
static int32_t value_at(const tg_conv_2d_quads_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                        int32_t left, int32_t tap) {
    const tg_window *w = &p->window;
    const int32_t pixel = tap / p->input_c;
    const int32_t y = top + pixel / w->kernel_w * w->dilation_h, x = left + pixel % w->kernel_w * w->dilation_w;
    const int inside = y >= 0 && y < w->input_h && x >= 0 && x < w->input_w;
    return inside ? tg_row(input, p->input, image_row + y)[x * p->input_c + tap % p->input_c] : p->input_zero_point;
}

/* All filters at one pixel. */
static void convolve(const tg_conv_2d_quads_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                     int32_t left, int8_t *output) {
    const tg_filter_quads *k = &p->filters;
    const int32_t taps = p->window.kernel_h * p->window.kernel_w * p->input_c, *extra = k->extras;
    for (int32_t f = 0; f < k->count; f++) {
        const uint8_t *weights = k->weights + f * k->quads * 4;
        const int32_t *filter = k->filters + f * TG_QUAD_FILTER;
        int32_t sum = filter[TG_QUAD_BIAS];
        for (int32_t tap = 0; tap < taps; tap++) {
            const int32_t weight = weights[tap] - 128;
            sum += weight * value_at(p, input, image_row, top, left, tap);
        }
        for (const int32_t *end = extra + filter[TG_QUAD_EXTRAS]; extra != end; extra++) {
            const int32_t place = tg_extra_place(*extra),
                          tap = place / TG_QUAD_WORDS * 4 + place % TG_QUAD_WORDS / 2 - 1;
            sum += tg_extra_weight(*extra) * value_at(p, input, image_row, top, left, tap);
        }
        output[f] = tg_halves_store(sum, tg_doubled_of(filter + TG_QUAD_REQUANT));
    }
}

void tg_conv_2d_quads_s8(const tg_conv_2d_quads_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                         int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    (void)scratch;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->filters.count) {
            convolve(p, input, image_row, top, x * w->stride_w - w->pad_left, out);
        }
    }
}
