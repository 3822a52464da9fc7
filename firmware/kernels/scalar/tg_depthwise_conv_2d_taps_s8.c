/* Portable: one output after the other. */
#include "tg_depthwise_conv_2d_taps_s8.h"

/* Channel c at an output pixel whose first tap is at row top, column left; word: the channel's bias. */
static int8_t compute(const tg_depthwise_conv_2d_taps_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                      int32_t left, int32_t c, const int32_t *word, const int32_t *requant) {
    const tg_window *w = &p->window;
    int32_t sum = *word, tap = 0;
    for (int32_t y = top; y < top + w->kernel_h * w->dilation_h; y += w->dilation_h) {
        for (int32_t x = left; x < left + w->kernel_w * w->dilation_w; x += w->dilation_w, tap++) {
            const int inside = y >= 0 && y < w->input_h && x >= 0 && x < w->input_w;
            const int32_t both = word[4 + tap / 2 * 4], weight = tap % 2 ? both >> 16 : (int16_t)(uint16_t)both;
            sum += weight * (inside ? tg_row(input, p->input, image_row + y)[x * p->input_c + c] : p->input_zero_point);
        }
    }
    return tg_doubled_store(sum, tg_doubled_by(requant[0], requant[1], p->rounding));
}

void tg_depthwise_conv_2d_taps_s8(const tg_depthwise_conv_2d_taps_s8_params *p, const int8_t *input, int8_t *output,
                                  int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    const int32_t weights = (w->kernel_h * w->kernel_w + 1) / 2 * 4;
    (void)scratch;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->input_c) {
            const int32_t *block = p->channels;
            for (int32_t f = 0; f < p->input_c; f += 4, block += weights + 12) {
                const int32_t channel = f + 4 <= p->input_c ? f : p->input_c - 4;
                for (int32_t i = 0; i < 4; i++) {
                    const int32_t *requant = block + 4 + weights + 2 * i;
                    out[channel + i] = compute(p, input, image_row, top, x * w->stride_w - w->pad_left, channel + i,
                                               block + i, requant);
                }
            }
        }
    }
}
