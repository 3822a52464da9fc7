/* SMLAD over two taps at a time: a pixel's taps are located once for all its channels, which SXTB16 splits by fours. */
#include "tg_depthwise_conv_2d_taps_s8.h"
#include "tg_dsp.h"

enum { OUTSIDE = -1 };

/* Where in `input` the taps under an output pixel lie, whose first is at row top, column left. Returns whether all are
   inside the image. */
static int locate(const tg_depthwise_conv_2d_taps_s8_params *p, int32_t image_row, int32_t top, int32_t left,
                  int32_t *tap) {
    const tg_window *w = &p->window;
    int is_inside = 1;
    for (int32_t rows = w->kernel_h; rows > 0; rows--, top += w->dilation_h) {
        const uint32_t width = top >= 0 && top < w->input_h ? (uint32_t)w->input_w : 0;
        const int32_t row = width ? (image_row + top) % p->input.height * p->input.stride : 0;
        int32_t x = left;
        for (int32_t columns = w->kernel_w; columns > 0; columns--) {
            const int is_tap_inside = (uint32_t)x < width;
            *tap++ = is_tap_inside ? row + x * p->input_c : OUTSIDE;
            is_inside &= is_tap_inside;
            x += w->dilation_w;
        }
    }
    *tap = 0; /* weighs nothing */
    return is_inside;
}

TG_ALWAYS_INLINE const int32_t *store_next(int32_t sum, const int32_t *word, int8_t *out) {
#if TG_ROUNDING_SINGLE
    const int32_t high = tg_smmul(sum, word[0]);
#else
    const int32_t once = tg_smmulr(sum, word[0]), high = once + (once >> 31);
#endif
    *out = (int8_t)tg_ssat8((high + word[1]) >> word[2]);
    return word + 3;
}

/* Four channels, which begin at `input`, of one output pixel. Returns where the next four's words begin. */
TG_ALWAYS_INLINE const int32_t *compute_4(const int32_t *word, const int32_t *tap, const int32_t *end,
                                          const int8_t *input, uint32_t zeros, int is_inside, int8_t *out) {
    int32_t a = word[0], b = word[1], c = word[2], d = word[3];
    word += 4;
    do {
        const uint32_t x = is_inside || tap[0] != OUTSIDE ? tg_load_word(input + tap[0]) : zeros;
        const uint32_t y = is_inside || tap[1] != OUTSIDE ? tg_load_word(input + tap[1]) : zeros;
        const uint32_t low = tg_pkhbt_lsl16(x, y), high = tg_pkhtb_asr16(y, x);
        a = tg_smlad(tg_sxtb16(low), (uint32_t)word[0], a);
        b = tg_smlad(tg_sxtb16_ror8(low), (uint32_t)word[1], b);
        c = tg_smlad(tg_sxtb16(high), (uint32_t)word[2], c);
        d = tg_smlad(tg_sxtb16_ror8(high), (uint32_t)word[3], d);
        word += 4;
        tap += 2;
    } while (tap < end);
    word = store_next(a, word, out);
    word = store_next(b, word, out + 1);
    word = store_next(c, word, out + 2);
    return store_next(d, word, out + 3);
}

/* All channels of one output pixel. */
TG_ALWAYS_INLINE void compute_pixel(const tg_depthwise_conv_2d_taps_s8_params *p, const int8_t *input,
                                    const int32_t *tap, int is_inside, int8_t *out) {
    const uint32_t zeros = (uint8_t)p->input_zero_point * 0x01010101u;
    const int32_t *word = p->channels, *end = tap + ((p->window.kernel_h * p->window.kernel_w + 1) & ~1);
    int32_t channel = 0;
    for (; channel < p->input_c; channel += 4) {
        /* the last four may overlap those before */
        const int32_t at = channel + 4 <= p->input_c ? channel : p->input_c - 4;
        word = compute_4(word, tap, end, input + at, zeros, is_inside, out + at);
    }
}

void tg_depthwise_conv_2d_taps_s8(const tg_depthwise_conv_2d_taps_s8_params *p, const int8_t *input, int8_t *output,
                                  int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    int32_t *taps = (int32_t *)scratch;
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t top = y * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->input_c) {
            if (locate(p, image_row, top, x * w->stride_w - w->pad_left, taps)) {
                compute_pixel(p, input, taps, 1, out);
            } else {
                compute_pixel(p, input, taps, 0, out);
            }
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
}
