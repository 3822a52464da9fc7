/* A pixel's taps are located once for all its channels; those outside the image lie in a row of zero points. */
#include "tg_depthwise_conv_2d_quads_s8.h"

/* Where the taps under an output pixel lie, whose first is at row top, column left. */
static void locate(const tg_depthwise_conv_2d_quads_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                   int32_t left, const int8_t *zeros, const int8_t **tap) {
    const tg_window *w = &p->window;
    const int32_t step = w->dilation_w * p->input_c;
    for (int32_t rows = w->kernel_h; rows > 0; rows--, top += w->dilation_h) {
        const uint32_t width = top >= 0 && top < w->input_h ? (uint32_t)w->input_w : 0;
        const int8_t *row = width ? tg_row(input, p->input, image_row + top) : input;
        int32_t x = left, at = left * p->input_c;
        for (int32_t columns = w->kernel_w; columns > 0; columns--, x += w->dilation_w, at += step) {
            *tap++ = (uint32_t)x < width ? row + at : zeros;
        }
    }
}

/* Adds to the sums of four channels. */
static inline void add_quad(const int8_t *const *tap, const int8_t *const *end, int32_t channel, const int8_t *weights,
                            int32_t sums[4]) {
    int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
    do {
        const int8_t *x = *tap++ + channel;
        a += x[0] * *weights++;
        b += x[1] * *weights++;
        c += x[2] * *weights++;
        d += x[3] * *weights++;
    } while (tap != end);
    sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;
}

/* All channels of one output pixel. */
static void compute_pixel(const tg_depthwise_conv_2d_quads_s8_params *p, const int8_t *const *taps, int8_t *out) {
    const int32_t channels = p->input_c, all = p->window.kernel_h * p->window.kernel_w;
    const int8_t *weights = p->weights;
    for (int32_t c = 0; c < channels; c += 4, weights += 4 * all) {
        /* the last four may overlap those before */
        const int32_t at = c + 4 <= channels ? c : channels - 4;
        const int32_t *word = p->channels + at * TG_DEPTHWISE_CHANNEL;
        int32_t sums[4] = {word[0], word[TG_DEPTHWISE_CHANNEL], word[2 * TG_DEPTHWISE_CHANNEL],
                           word[3 * TG_DEPTHWISE_CHANNEL]};
        add_quad(taps, taps + all, at, weights, sums);
        for (int32_t i = 0; i < 4; i++, word += TG_DEPTHWISE_CHANNEL) {
            out[at + i] = tg_halves_store(sums[i], tg_doubled_of(word + TG_DEPTHWISE_REQUANT));
        }
    }
}

void tg_depthwise_conv_2d_quads_s8(const tg_depthwise_conv_2d_quads_s8_params *p, const int8_t *input, int8_t *output,
                                   int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    const int8_t **taps = (const int8_t **)scratch;
    int8_t *zeros = (int8_t *)(taps + w->kernel_h * w->kernel_w);
    for (int32_t c = 0; c < p->input_c; c++) {
        zeros[c] = (int8_t)p->input_zero_point;
    }
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->input_c) {
            locate(p, input, image_row, top, x * w->stride_w - w->pad_left, zeros, taps);
            compute_pixel(p, taps, out);
        }
    }
}
