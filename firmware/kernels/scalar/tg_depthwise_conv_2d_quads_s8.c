/* Portable: one output after the other. */
#include "tg_depthwise_conv_2d_quads_s8.h"

/* The sum of a channel, whose weights are four apart, at an output pixel whose first tap is at row top, column left. */
static int32_t sum_of(const tg_depthwise_conv_2d_quads_s8_params *p, const int8_t *input, int32_t image_row,
                      int32_t top, int32_t left, int32_t channel, const int8_t *weights) {
    const tg_window *w = &p->window;
    int32_t sum = p->channels[channel * TG_DEPTHWISE_CHANNEL + TG_DEPTHWISE_BIAS];
    for (int32_t y = top; y < top + w->kernel_h * w->dilation_h; y += w->dilation_h) {
        for (int32_t x = left; x < left + w->kernel_w * w->dilation_w; x += w->dilation_w, weights += 4) {
            const int inside = y >= 0 && y < w->input_h && x >= 0 && x < w->input_w;
            sum += *weights *
                   (inside ? tg_row(input, p->input, image_row + y)[x * p->input_c + channel] : p->input_zero_point);
        }
    }
    return sum;
}

void tg_depthwise_conv_2d_quads_s8(const tg_depthwise_conv_2d_quads_s8_params *p, const int8_t *input, int8_t *output,
                                   int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    const int32_t quad_bytes = 4 * w->kernel_h * w->kernel_w;
    (void)scratch;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->input_c) {
            for (int32_t f = 0; f < p->input_c; f++) {
                const int32_t at = (f & ~3) + 4 <= p->input_c ? f & 3 : f - (p->input_c - 4);
                const int8_t *weights = p->weights + f / 4 * quad_bytes + at;
                const int32_t sum = sum_of(p, input, image_row, top, x * w->stride_w - w->pad_left, f, weights);
                const int32_t *channel = p->channels + f * TG_DEPTHWISE_CHANNEL;
                out[f] = tg_halves_store(sum, tg_doubled_of(channel + TG_DEPTHWISE_REQUANT));
            }
        }
    }
}
