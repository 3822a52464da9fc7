/* Portable: gathers the patches under two output pixels, then multiplies both with two filters at a time. */
#include "tg_conv_2d_s8.h"

/* Two pixels' patches and where their outputs go. */
typedef struct {
    const int8_t *patch[2];
    int8_t *output[2];
} pixel_pair;

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

static int8_t stored(const tg_conv_2d_s8_params *p, uint32_t acc, tg_requant requant) {
    const int32_t result = tg_multiply((int32_t)acc, requant) + p->output_zero_point;
    return (int8_t)tg_clamp(result, p->output_min, p->output_max);
}

/* A filter's sums at two pixels. */
static void store(const tg_conv_2d_s8_params *p, int32_t f, uint32_t a, uint32_t b, int8_t *out_a, int8_t *out_b) {
    const tg_requant requant = p->requant[f * p->requant_step];
    *out_a = stored(p, a, requant);
    *out_b = stored(p, b, requant);
}

/* The filters [first, end) at two pixels. |sum| <= depth * 2**14, and the bias was folded with wrap-around: unsigned
   sums wrap as TFLite's registers do. */
static void multiply(const tg_conv_2d_s8_params *p, const pixel_pair *at, int32_t depth, int32_t first, int32_t end) {
    int8_t *out_0 = at->output[0], *out_1 = at->output[1];
    for (int32_t f = first; f < end; f += 2) {
        const int32_t next = f + 1 < end ? f + 1 : f; /* the last of an odd number meets itself */
        const int8_t *x_0 = at->patch[0], *x_1 = at->patch[1], *const x_end = x_0 + depth;
        const int8_t *w_0 = p->weights + f * p->filter_stride, *w_1 = p->weights + next * p->filter_stride;
        uint32_t a_0 = (uint32_t)p->bias[f], a_1 = (uint32_t)p->bias[next], b_0 = a_0, b_1 = a_1;
        do {
            const int32_t x = *x_0++, y = *x_1++, v = *w_0++, w = *w_1++;
            a_0 += (uint32_t)(x * v);
            a_1 += (uint32_t)(x * w);
            b_0 += (uint32_t)(y * v);
            b_1 += (uint32_t)(y * w);
        } while (x_0 != x_end);
        store(p, f, a_0, b_0, out_0++, out_1++);
        if (next != f) {
            store(p, next, a_1, b_1, out_0++, out_1++);
        }
    }
}

/* The filters of one group. Output pixels are taken in pairs, across the ends of rows. */
static void convolve(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                     int32_t group, int8_t *patches) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    const int32_t depth = w->kernel_h * w->kernel_w * channels;
    const int is_pointwise = w->kernel_h == 1 && w->kernel_w == 1 && w->pad_top == 0 && w->pad_left == 0;
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h, waiting = 0;
    pixel_pair pair = {{0, 0}, {0, 0}};
    input += group * channels;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t top = y * w->stride_h - w->pad_top, place = ring_place(p, image_row + top);
        int8_t *out = tg_output_row(output, p->output, r) + group * filters;
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            const int32_t left = x * w->stride_w - w->pad_left;
            pair.patch[waiting] = input + place * p->input.stride + left * p->input_c;
            pair.output[waiting] = out;
            if (!is_pointwise) {
                int8_t *patch = patches + waiting * depth;
                gather(p, input, place, top, left, channels, patch);
                pair.patch[waiting] = patch;
            }
            if (waiting) {
                multiply(p, &pair, depth, group * filters, (group + 1) * filters);
            }
            waiting ^= 1;
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
    if (waiting) { /* the last pixel of an odd number meets itself */
        pair.patch[1] = pair.patch[0], pair.output[1] = pair.output[0];
        multiply(p, &pair, depth, group * filters, (group + 1) * filters);
    }
}

void tg_conv_2d_s8(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    for (int32_t group = 0; group < p->groups; group++) {
        convolve(p, input, output, first, count, group, (int8_t *)scratch);
    }
}
