/* Helium: the patches under two pixels as 16-byte vectors, times four filters at a time. */
#include "tg_conv_2d_s8.h"
#include "tg_mve.h"

/* Inline assembly, since compilers do not predicate the loop. */
static inline void copy(int8_t *to, const int8_t *from, int32_t bytes) {
    __asm__ volatile("wlstp.8 lr, %[bytes], 2f\n"
                     "1:\n"
                     "vldrb.8 q0, [%[from]], #16\n"
                     "vstrb.8 q0, [%[to]], #16\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : [to] "+l"(to), [from] "+l"(from)
                     : [bytes] "r"(bytes)
                     : "lr", "q0", "memory");
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

/* Two pixels' patches and where their outputs go. */
typedef struct {
    const int8_t *patch[2];
    int8_t *output[2];
} pixel_pair;

/* The filters [first, end) at two pixels, four at a time. */
static void multiply(const tg_conv_2d_s8_params *p, const pixel_pair *at, int32_t depth, int32_t first, int32_t end) {
    const tg_mve_output o = {p->requant, p->requant_step, p->output_zero_point, p->output_min, p->output_max};
    const int32_t stride = p->filter_stride, *bias = p->bias + first;
    const int8_t *weights = p->weights + first * stride, *a = at->patch[0], *b = at->patch[1];
    int8_t *out_a = at->output[0], *out_b = at->output[1];
    for (; first + 4 <= end; first += 4, weights += 4 * stride) {
        const int32x4x2_t requants = tg_mve_requants(&o, first, 4);
        const int32x4_t start = vldrwq_s32(bias);
        vstrbq_s32(out_a, tg_mve_stored(&o, vaddq_s32(tg_mve_dot4(a, weights, stride, depth), start), requants));
        vstrbq_s32(out_b, tg_mve_stored(&o, vaddq_s32(tg_mve_dot4(b, weights, stride, depth), start), requants));
        bias += 4;
        out_a += 4;
        out_b += 4;
    }
    if (first < end) {
        const int32_t lanes = end - first;
        const int32x4_t start = vldrwq_z_s32(bias, vctp32q((uint32_t)lanes));
        tg_mve_store(&o, vaddq_s32(tg_mve_dot(a, weights, stride, depth, lanes), start), first, lanes, out_a);
        tg_mve_store(&o, vaddq_s32(tg_mve_dot(b, weights, stride, depth, lanes), start), first, lanes, out_b);
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
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *row = is_pointwise ? tg_row(input, p->input, image_row + y * w->stride_h) + group * channels : 0;
        int8_t *out = tg_output_row(output, p->output, r) + group * filters;
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            pair.output[waiting] = out;
            if (is_pointwise) {
                pair.patch[waiting] = row;
                row += w->stride_w * p->input_c;
            } else {
                int8_t *patch = patches + waiting * p->filter_stride;
                gather(p, input, image_row, y, x, group, patch);
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
