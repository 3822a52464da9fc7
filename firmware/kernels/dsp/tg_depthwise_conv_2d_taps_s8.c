/* SMLAD over two taps at a time: a pixel's taps are located once for all its channels, which SXTB16 splits by fours. */
#include "tg_depthwise_conv_2d_taps_s8.h"
#include "tg_dsp.h"

/* A tap is where its channels begin: an address where that has 32 bits, else counted from `input`, OUTSIDE for zeros.
 */
enum { OUTSIDE = -1 };

/* What the taps of a pixel refer to. */
typedef struct {
    const int8_t *input;
    const int8_t *zeros; /* zero points, as many as channels */
    int32_t *taps;
    int32_t *end; /* of an even number of taps; one too many weighs nothing */
    const int32_t *words;
    int32_t rounding;
} located;

static inline int32_t tap_at(const located *l, int32_t offset) {
#if TG_HAS_DSP
    return (int32_t)(uintptr_t)(offset == OUTSIDE ? l->zeros : l->input + offset);
#else
    (void)l;
    return offset;
#endif
}

/* Compilers that do not optimize want registers of their own. */
#if TG_HAS_DSP && defined(__OPTIMIZE__)
#define HAS_REGISTERS 1
#else
#define HAS_REGISTERS 0
#endif

#if !HAS_REGISTERS
static uint32_t tap_word(const located *l, int32_t tap, int32_t channel) {
#if TG_HAS_DSP
    (void)l;
    return tg_load_word((const int8_t *)(uintptr_t)(uint32_t)tap + channel);
#else
    return tg_load_word((tap == OUTSIDE ? l->zeros : l->input + tap) + channel);
#endif
}
#endif

/* Locates the taps under an output pixel, whose first is at row top, column left. */
static void locate(const tg_depthwise_conv_2d_taps_s8_params *p, const located *l, int32_t image_row, int32_t top,
                   int32_t left) {
    const tg_window *w = &p->window;
    int32_t *tap = l->taps;
    for (int32_t rows = w->kernel_h; rows > 0; rows--, top += w->dilation_h) {
        const uint32_t width = top >= 0 && top < w->input_h ? (uint32_t)w->input_w : 0;
        const int32_t row = width ? (image_row + top) % p->input.height * p->input.stride : 0;
        int32_t x = left;
        for (int32_t columns = w->kernel_w; columns > 0; columns--) {
            *tap++ = tap_at(l, (uint32_t)x < width ? row + x * p->input_c : OUTSIDE);
            x += w->dilation_w;
        }
    }
    if (tap < l->end) {
        *tap = l->taps[0];
    }
}

TG_ALWAYS_INLINE const int32_t *store_next(int32_t sum, const int32_t *word, int32_t rounding, int8_t *out) {
#if TG_ROUNDING_SINGLE
    const int32_t high = tg_smmul(sum, word[0]);
#else
    const int32_t once = tg_smmulr(sum, word[0]), high = once + (once >> 31);
#endif
    *out = (int8_t)tg_ssat8_half((high + rounding * (1 << word[1])) >> word[1]);
    return word + 2;
}

/* Four channels of one output pixel. Returns where the next four's words begin. */
TG_ALWAYS_INLINE const int32_t *compute_4(const int32_t *word, const located *l, int32_t channel, int8_t *out) {
    const int32_t *tap = l->taps, *end = l->end;
    int32_t a = word[0], b = word[1], c = word[2], d = word[3];
    word += 4;
#if HAS_REGISTERS
    uint32_t x, y, z, v, w;
    __asm__ volatile(/* compilers keep less of this in registers, and move loads apart, which in a row take a cycle each
                      */
                     "1:\n"
                     "ldrd %[x], %[y], [%[tap]], #8\n"
                     "ldr %[x], [%[x], %[channel]]\n"
                     "ldr %[y], [%[y], %[channel]]\n"
                     "ldr %[v], [%[word]], #4\n"
                     "ldr %[w], [%[word]], #4\n"
                     "pkhbt %[z], %[x], %[y], lsl #16\n"
                     "pkhtb %[y], %[y], %[x], asr #16\n"
                     "sxtb16 %[x], %[z]\n"
                     "smlad %[a], %[x], %[v], %[a]\n"
                     "sxtb16 %[z], %[z], ror #8\n"
                     "smlad %[b], %[z], %[w], %[b]\n"
                     "ldr %[v], [%[word]], #4\n"
                     "ldr %[w], [%[word]], #4\n"
                     "sxtb16 %[x], %[y]\n"
                     "smlad %[c], %[x], %[v], %[c]\n"
                     "sxtb16 %[y], %[y], ror #8\n"
                     "smlad %[d], %[y], %[w], %[d]\n"
                     "cmp %[tap], %[end]\n"
                     "bne 1b\n"
                     : [word] "+&r"(word), [tap] "+&r"(tap), [a] "+&r"(a), [b] "+&r"(b), [c] "+&r"(c), [d] "+&r"(d),
                       [x] "=&r"(x), [y] "=&r"(y), [z] "=&r"(z), [v] "=&r"(v), [w] "=&r"(w)
                     : [end] "r"(end), [channel] "r"(channel)
                     : "memory", "cc");
#else
    for (; tap < end; tap += 2, word += 4) {
        const uint32_t x = tap_word(l, tap[0], channel), y = tap_word(l, tap[1], channel);
        const uint32_t low = tg_pkhbt_lsl16(x, y), high = tg_pkhtb_asr16(y, x);
        a = tg_smlad(tg_sxtb16(low), (uint32_t)word[0], a);
        b = tg_smlad(tg_sxtb16_ror8(low), (uint32_t)word[1], b);
        c = tg_smlad(tg_sxtb16(high), (uint32_t)word[2], c);
        d = tg_smlad(tg_sxtb16_ror8(high), (uint32_t)word[3], d);
    }
#endif
    word = store_next(a, word, l->rounding, out);
    word = store_next(b, word, l->rounding, out + 1);
    word = store_next(c, word, l->rounding, out + 2);
    return store_next(d, word, l->rounding, out + 3);
}

/* All channels of an output pixel, which begin `begin` bytes behind the taps that are located; the last four may
   overlap those before. */
TG_NEVER_INLINE void compute_pixel(const located *l, int32_t begin, int32_t end, int8_t *out) {
    const int32_t *word = l->words;
    for (int32_t channel = begin; channel < end; channel += 4, out += 4) {
        const int32_t over = channel + 4 > end ? channel + 4 - end : 0;
        word = compute_4(word, l, channel - over, out - over);
    }
}

void tg_depthwise_conv_2d_taps_s8(const tg_depthwise_conv_2d_taps_s8_params *p, const int8_t *input, int8_t *output,
                                  int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    int32_t *taps = (int32_t *)scratch, *end = taps + ((w->kernel_h * w->kernel_w + 1) & ~1);
    int8_t *zeros = (int8_t *)end;
    const located l = {input, zeros, taps, end, p->channels, p->rounding};
    for (int32_t c = 0; c < p->input_c; c++) {
        zeros[c] = (int8_t)p->input_zero_point;
    }
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        const int is_high = top >= 0 && top + (w->kernel_h - 1) * w->dilation_h < w->input_h;
        int32_t left = -w->pad_left, inside = 0; /* 1 after a pixel with all taps inside the image */
        int32_t further = 0;
        for (int32_t x = w->output_w; x > 0; x--, out += p->input_c, left += w->stride_w) {
            const int is_inside = is_high && left >= 0 && left + (w->kernel_w - 1) * w->dilation_w < w->input_w;
            if (is_inside && inside) {
                further += w->stride_w * p->input_c;
            } else {
                locate(p, &l, image_row, top, left);
                further = 0;
            }
            inside = is_inside;
            compute_pixel(&l, further, further + p->input_c, out);
        }
    }
}
