/* The values of two pixels in one word: the patches of four pixels are expanded once for all filters. */
#include "tg_conv_2d_quads_s8.h"
#include "tg_swar.h"

enum { PIXELS = 4 };

/* A pixel of the output. */
typedef struct {
    int32_t image_row, top, left; /* of its first tap; top and left in the image */
    int8_t *output;
} pixel;

/* Expands `quads` quads of two patches, of which each goes on after so many bytes. Returns where the next follow. */
static uint32_t *expand(const int8_t *a, int32_t step_a, const int8_t *b, int32_t step_b, int32_t quads, uint32_t *to) {
    for (; quads > 0; quads--, a += step_a, b += step_b, to += TG_QUAD_WORDS) {
        const uint32_t x_0 = (uint32_t)a[0] + ((uint32_t)b[0] << 16), x_1 = (uint32_t)a[1] + ((uint32_t)b[1] << 16);
        const uint32_t x_2 = (uint32_t)a[2] + ((uint32_t)b[2] << 16), x_3 = (uint32_t)a[3] + ((uint32_t)b[3] << 16);
        to[0] = tg_quad_start(x_0 + x_1 + x_2 + x_3);
        to[2] = x_0;
        to[4] = x_1;
        to[6] = x_2;
        to[8] = x_3;
    }
    return to;
}

/* The input row under row ky of a pixel's window, or 0 outside the image. */
static const int8_t *row_at(const tg_conv_2d_quads_s8_params *p, const int8_t *input, const pixel *at, int32_t ky) {
    const int32_t y = at->top + ky * p->window.dilation_h;
    return y >= 0 && y < p->window.input_h ? tg_row(input, p->input, at->image_row + y) : 0;
}

/* Two patches whose channels are whole quads: every tap of the window is expanded from where it lies. */
static void expand_whole(const tg_conv_2d_quads_s8_params *p, const int8_t *input, const pixel at[2], uint32_t *to) {
    const tg_window *w = &p->window;
    const int8_t zero = (int8_t)p->input_zero_point, zeros[4] = {zero, zero, zero, zero};
    const int32_t channels = p->input_c, width = w->input_w;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int8_t *row_a = row_at(p, input, &at[0], ky), *row_b = row_at(p, input, &at[1], ky);
        int32_t x_a = at[0].left, x_b = at[1].left;
        for (int32_t kx = w->kernel_w; kx > 0; kx--, x_a += w->dilation_w, x_b += w->dilation_w) {
            const int inside_a = row_a && x_a >= 0 && x_a < width, inside_b = row_b && x_b >= 0 && x_b < width;
            const int8_t *a = inside_a ? row_a + x_a * channels : zeros, *b = inside_b ? row_b + x_b * channels : zeros;
            to = expand(a, inside_a ? 4 : 0, b, inside_b ? 4 : 0, channels >> 2, to);
        }
    }
}

/* Copies bytes of a row from `begin` to `end`, which may be outside of its `width` bytes. */
static int8_t *gather(const int8_t *row, int32_t begin, int32_t end, int32_t width, int8_t zero, int8_t *to) {
    const int32_t first = row && begin < 0 ? (end < 0 ? end : 0) : begin, last = end < width ? end : width;
    for (; begin < first; begin++) {
        *to++ = zero;
    }
    for (; row && begin < last; begin++) {
        *to++ = row[begin];
    }
    for (; begin < end; begin++) {
        *to++ = zero;
    }
    return to;
}

/* Two other patches are gathered first, behind what they are expanded to; what is behind the last tap meets zeros. */
static void expand_any(const tg_conv_2d_quads_s8_params *p, const int8_t *input, const pixel at[2], int8_t *patches,
                       uint32_t *to) {
    const tg_window *w = &p->window;
    const int32_t bytes = 4 * p->filters.quads, width = w->input_w * p->input_c;
    const int32_t runs = w->dilation_w > 1 ? w->kernel_w : 1; /* of a row of the window: without dilation it is one */
    const int32_t run = w->kernel_w / runs * p->input_c, step = w->dilation_w * p->input_c;
    for (int32_t i = 0; i < 2; i++) {
        int8_t *patch = patches + bytes * i, *end = patch + bytes;
        for (int32_t ky = 0; ky < w->kernel_h; ky++) {
            const int8_t *row = row_at(p, input, &at[i], ky);
            int32_t begin = at[i].left * p->input_c;
            for (int32_t n = runs; n > 0; n--, begin += step) {
                patch = gather(row, begin, begin + run, width, (int8_t)p->input_zero_point, patch);
            }
        }
        while (patch != end) {
            *patch++ = 0;
        }
    }
    expand(patches, 4, patches + bytes, 4, p->filters.quads, to);
}

/* The sums before the first quad, such that in the end those of the lower halves are the difference. */
static tg_quad_sums sums_of(const tg_filter_quads *k, const int32_t *filter, const uint32_t *patch,
                            const uint8_t *weights) {
    const uint32_t bias = (uint32_t)filter[TG_QUAD_BIAS];
    const uint32_t all = bias + (bias << 16) - ((uint32_t)(k->quads + filter[TG_QUAD_EXTRAS]) << 15);
    const tg_quad_sums sums = {all, bias, all, bias, patch + TG_QUAD_WORDS * k->quads, 0, patch, weights};
    return sums;
}

/* Adds what the quads left out of a filter. Returns where the next filter's extras begin. */
TG_NEVER_INLINE const int32_t *add_extras(tg_quad_sums *sums, const int32_t *extra, int32_t count) {
    uint32_t all_a = sums->all_a, upper_a = sums->upper_a, all_b = sums->all_b, upper_b = sums->upper_b;
    for (const int32_t *end = extra + count; extra != end; extra++) {
        const uint32_t *x = sums->patch + tg_extra_place(*extra), weight = (uint32_t)tg_extra_weight(*extra);
        const uint32_t a = 0x8000u + weight * x[0], b = 0x8000u + weight * x[1];
        all_a += a;
        all_b += b;
        upper_a += (uint32_t)((int32_t)a >> 16);
        upper_b += (uint32_t)((int32_t)b >> 16);
    }
    sums->all_a = all_a, sums->upper_a = upper_a, sums->all_b = all_b, sums->upper_b = upper_b;
    return extra;
}

/* All filters at four pixels. */
TG_NEVER_INLINE void multiply(const tg_filter_quads *k, const uint32_t *patch, const pixel at[PIXELS]) {
    const int32_t *filter = k->filters, *extra = k->extras;
    const uint8_t *weights = k->weights;
    for (int32_t f = 0; f < k->count; f++, filter += TG_QUAD_FILTER, weights += 4 * k->quads) {
        tg_quad_sums sums = sums_of(k, filter, patch, weights);
        tg_add_quads(&sums);
        if (filter[TG_QUAD_EXTRAS] > 0) {
            extra = add_extras(&sums, extra, filter[TG_QUAD_EXTRAS]);
        }
        const tg_doubled by = tg_doubled_of(filter + TG_QUAD_REQUANT);
        at[0].output[f] = tg_halves_store((int32_t)(sums.all_a - (sums.upper_a << 16)), by);
        at[1].output[f] = tg_halves_store((int32_t)sums.upper_a, by);
        at[2].output[f] = tg_halves_store((int32_t)(sums.all_b - (sums.upper_b << 16)), by);
        at[3].output[f] = tg_halves_store((int32_t)sums.upper_b, by);
    }
}

static void convolve(const tg_conv_2d_quads_s8_params *p, const int8_t *input, const pixel at[PIXELS],
                     uint32_t *patch) {
    for (int32_t i = 0; i < 2; i++) {
        if (p->input_c & 3) {
            expand_any(p, input, at + 2 * i, (int8_t *)(patch + TG_QUAD_WORDS * p->filters.quads), patch + i);
        } else {
            expand_whole(p, input, at + 2 * i, patch + i);
        }
    }
    multiply(&p->filters, patch, at);
}

/* Output pixels are taken by fours, across the ends of rows; what the last four lack is the last pixel again. */
void tg_conv_2d_quads_s8(const tg_conv_2d_quads_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                         int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    pixel at[PIXELS];
    int32_t waiting = 0;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->filters.count) {
            for (int32_t i = waiting; i < PIXELS; i++) {
                at[i] = (pixel){image_row, top, x * w->stride_w - w->pad_left, out};
            }
            if (++waiting == PIXELS) {
                convolve(p, input, at, (uint32_t *)scratch);
                waiting = 0;
            }
        }
    }
    if (waiting) {
        convolve(p, input, at, (uint32_t *)scratch);
    }
}
