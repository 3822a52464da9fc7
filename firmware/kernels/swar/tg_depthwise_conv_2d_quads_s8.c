/* A pixel's taps are located once for all its channels; those outside the image lie in a row of zero points. */
#include "tg_depthwise_conv_2d_quads_s8.h"
#include "tg_swar.h"

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

/* What add_taps works on; the assembly knows the order. */
typedef struct {
    int32_t sums[4];
    int32_t channel;          /* the first of four */
    const int8_t *const *end; /* of the taps */
    const int8_t *const *tap;
    const int8_t *weights;
} channel_sums;

#if TG_THUMB == 1
/* In the loop: r0 the taps, r1 the weights, r2 where a tap's channels are, r3 and r4 what is multiplied, r6 and r7 the
   numbers 0 and 1, r8 .. r11 the sums, r12 the channel, lr the end. */
#define TAPS                                                                                                           \
    "movs r6, #0\n"                                                                                                    \
    "movs r7, #1\n"                                                                                                    \
    "1:\n"                                                                                                             \
    "ldmia r0!, {r2}\n"                                                                                                \
    "add r2, r12\n"                                                                                                    \
    "ldrsb r3, [r2, r6]\n"                                                                                             \
    "ldrsb r4, [r1, r6]\n"                                                                                             \
    "muls r3, r4, r3\n"                                                                                                \
    "add r8, r3\n"                                                                                                     \
    "ldrsb r3, [r2, r7]\n"                                                                                             \
    "ldrsb r4, [r1, r7]\n"                                                                                             \
    "muls r3, r4, r3\n"                                                                                                \
    "add r9, r3\n"                                                                                                     \
    "adds r2, #2\n"                                                                                                    \
    "adds r1, #2\n"                                                                                                    \
    "ldrsb r3, [r2, r6]\n"                                                                                             \
    "ldrsb r4, [r1, r6]\n"                                                                                             \
    "muls r3, r4, r3\n"                                                                                                \
    "add r10, r3\n"                                                                                                    \
    "ldrsb r3, [r2, r7]\n"                                                                                             \
    "ldrsb r4, [r1, r7]\n"                                                                                             \
    "muls r3, r4, r3\n"                                                                                                \
    "add r11, r3\n"                                                                                                    \
    "adds r1, #2\n"                                                                                                    \
    "cmp r0, lr\n"                                                                                                     \
    "bne 1b\n"
#endif

/* Adds the products of four channels to their sums. */
static inline void add_taps(channel_sums *sums) {
#if TG_THUMB == 1
    register channel_sums *work __asm__("r0") = sums;
    __asm__ volatile(TG_SWAR_ENTER TAPS TG_SWAR_LEAVE : "+r"(work) : : TG_SWAR_LOST);
#else
    int32_t a = sums->sums[0], b = sums->sums[1], c = sums->sums[2], d = sums->sums[3];
    const int8_t *const *tap = sums->tap;
    const int8_t *weights = sums->weights;
    do {
        const int8_t *x = *tap++ + sums->channel;
        a += x[0] * *weights++;
        b += x[1] * *weights++;
        c += x[2] * *weights++;
        d += x[3] * *weights++;
    } while (tap != sums->end);
    sums->sums[0] = a, sums->sums[1] = b, sums->sums[2] = c, sums->sums[3] = d;
#endif
}

/* All channels of one output pixel. */
static void compute_pixel(const tg_depthwise_conv_2d_quads_s8_params *p, const int8_t *const *taps, int8_t *out) {
    enum { BIAS = TG_DEPTHWISE_BIAS, REQUANT = TG_DEPTHWISE_REQUANT, NEXT = TG_DEPTHWISE_CHANNEL };
    const int32_t channels = p->input_c, all = p->window.kernel_h * p->window.kernel_w;
    const int8_t *weights = p->weights;
    for (int32_t c = 0; c < channels; c += 4, weights += 4 * all) {
        /* the last four may overlap those before */
        const int32_t at = c + 4 <= channels ? c : channels - 4, *word = p->channels + at * NEXT;
        channel_sums work = {{word[BIAS], word[NEXT + BIAS], word[2 * NEXT + BIAS], word[3 * NEXT + BIAS]},
                             at,
                             taps + all,
                             taps,
                             weights};
        add_taps(&work);
        word += REQUANT;
        out[at] = tg_halves_store(work.sums[0], tg_doubled_of(word));
        out[at + 1] = tg_halves_store(work.sums[1], tg_doubled_of(word + NEXT));
        out[at + 2] = tg_halves_store(work.sums[2], tg_doubled_of(word + 2 * NEXT));
        out[at + 3] = tg_halves_store(work.sums[3], tg_doubled_of(word + 3 * NEXT));
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
