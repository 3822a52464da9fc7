/* Four filters at a time share the words of a patch. */
#include "tg_conv_2d_u8.h"
#include "tg_dsp_copy.h"
#include "tg_dsp_dot.h"

/* The sum of some elements. */
static int32_t sum_of(const int8_t *x, int32_t count) {
    int32_t sum = 0;
    for (; count >= 4; count -= 4, x += 4) {
        const uint32_t word = tg_load_word(x);
        sum = tg_smlad(tg_sxtb16_ror8(word), 0x10001u, tg_smlad(tg_sxtb16(word), 0x10001u, sum));
    }
    for (; count > 0; count--) {
        sum += *x++;
    }
    return sum;
}

/* The patch of one group, zero points outside the image: [kernel_h][kernel_w][channels]. */
static void gather(const tg_conv_2d_u8_params *p, const int8_t *input, int32_t image_row, int32_t top, int32_t left,
                   int32_t channel, int8_t *patch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t y = top + ky * w->dilation_h;
        const int inside_y = y >= 0 && y < w->input_h;
        const int8_t *row = tg_row(input, p->input, inside_y ? image_row + y : 0);
        for (int32_t kx = 0; kx < w->kernel_w; kx++, patch += channels) {
            const int32_t x = left + kx * w->dilation_w;
            if (inside_y && x >= 0 && x < w->input_w) {
                tg_copy_bytes(row + x * p->input_c + channel, patch, channels);
            } else {
                for (int32_t c = 0; c < channels; c++) {
                    patch[c] = (int8_t)p->input_zero_point;
                }
            }
        }
    }
}

TG_ALWAYS_INLINE int8_t store(const tg_conv_2d_u8_params *p, uint32_t acc, int32_t f) {
    const int32_t stored = tg_multiply((int32_t)acc, p->requant[f * p->requant_step]) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

/* Filters f .. f + count - 1 of a patch; sums wrap as TFLite's registers do. */
static void multiply(const tg_conv_2d_u8_params *p, const int8_t *patch, int32_t depth, int32_t f, int32_t count,
                     int8_t *out) {
    const uint32_t excess = (uint32_t)sum_of(patch, depth) * (uint32_t)p->weights_zero_point;
    for (const int32_t end = f + count; f < end; f += 4) {
        const int32_t part = end - f < 4 ? end - f : 4;
        const int8_t *rows[4];
        uint32_t sums[4];
        for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
            const int32_t filter = f + (i < part ? i : part - 1);
            rows[i] = p->weights + filter * depth;
            sums[i] = (uint32_t)p->bias[filter] - excess;
        }
        tg_dot_four(patch, 0, rows, depth, sums);
        for (int32_t i = 0; i < part; i++) {
            out[f + i] = store(p, sums[i], f + i);
        }
    }
}

/* All filters at an output pixel, whose first tap is at row top, column left. */
static void compute(const tg_conv_2d_u8_params *p, const int8_t *input, int32_t image_row, int32_t top, int32_t left,
                    int8_t *patch, int8_t *out) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    for (int32_t group = 0; group < p->groups; group++) {
        gather(p, input, image_row, top, left, group * channels, patch);
        multiply(p, patch, w->kernel_h * w->kernel_w * channels, group * filters, filters, out);
    }
}

void tg_conv_2d_u8(const tg_conv_2d_u8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->output_c) {
            compute(p, input, image_row, top, x * w->stride_w - w->pad_left, (int8_t *)scratch, out);
        }
    }
}
