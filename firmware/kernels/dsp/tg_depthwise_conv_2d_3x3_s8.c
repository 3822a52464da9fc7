/* SMLAD on channel planes: strips of four channels are taken apart into pairs of neighbouring columns, int16, so that
   one load brings two taps, and the nine weights stay in registers for a whole row of a channel. */
#include "tg_depthwise_conv_2d_3x3_s8.h"
#include "tg_dsp_stage.h"

/* A strip is [pairs of columns][4 channels][3 places], the rows of the image taking the places in turn. */
enum { PLACES = 3, CHANNEL = PLACES, PAIR = 4 * CHANNEL };

/* What row_3x3 works on; the assembly knows the order. */
typedef struct {
    const uint32_t *strip;
    int8_t *out;
    const int8_t *end;       /* of the pairs of outputs of the first channel, of which there is one at least */
    const int32_t *last;     /* end of the four channels */
    int32_t step;            /* from one output to the next */
    const int32_t *channels; /* the first of the four */
    uint32_t place;          /* of the window's first row: 0 .. 2 */
    uint32_t is_odd;         /* there is one more output after the pairs */
} row_work;

#if TG_HAS_DSP
#if TG_ROUNDING_SINGLE
#define ROUND                                                                                                          \
    "smmul r2, r2, r0\n"                                                                                               \
    "smmul r3, r3, r0\n"
#define ROUND_ONE "smmul r2, r2, r0\n"
#else
#define ROUND                                                                                                          \
    "smmulr r2, r2, r0\n"                                                                                              \
    "smmulr r3, r3, r0\n"                                                                                              \
    "add r2, r2, r2, asr #31\n"                                                                                        \
    "add r3, r3, r3, asr #31\n"
#define ROUND_ONE                                                                                                      \
    "smmulr r2, r2, r0\n"                                                                                              \
    "add r2, r2, r2, asr #31\n"
#endif

/* Two outputs' sums r2 and r3 over a place of the strip, whose pairs lie 48 bytes apart; begin: what loads the bias. */
#define STRIDE_1(at, advance, begin, from_2, from_3, w01, w12)                                                         \
    "ldr r1, [r10, #48+" #at "]\n"                                                                                     \
    "ldr r0, [r10" advance "\n" begin "smlad r2, r0, " w01 ", " from_2 "\n"                                            \
    "smlatb r3, r0, " w01 ", " from_3 "\n"                                                                             \
    "smlabt r2, r1, " w12 ", r2\n"                                                                                     \
    "smlad r3, r1, " w12 ", r3\n"
#define STRIDE_2(at, advance, begin, from_2, from_3, w01, w12)                                                         \
    "ldr r0, [r10, #" #at "]\n"                                                                                        \
    "ldr r1, [r10, #48+" #at "]\n" begin "smlad r2, r0, " w01 ", " from_2 "\n"                                         \
    "smlabt r2, r1, " w12 ", r2\n"                                                                                     \
    "ldr r0, [r10, #96+" #at "]\n"                                                                                     \
    "smlad r3, r1, " w01 ", " from_3 "\n"                                                                              \
    "smlabt r3, r0, " w12 ", r3\n"

/* A row of outputs of four channels. All registers are taken: r0 .. r3 values and sums, r4 .. r9 the weights of places
   0, 1, 2, r10 the strip, r11 the output, r12 the step, lr what follows the weights; `work` is copied to the stack. */
#define ROW(name, place_0, place_1, place_2)                                                                           \
    TG_NEVER_INLINE void name(const row_work *work) {                                                                  \
        register const row_work *from __asm__("r0") = work;                                                            \
        __asm__ volatile("push {r7}\n" /* may be the frame pointer, which must not be named as lost */                 \
                         "ldm r0, {r1-r6, r10, r11}\n"                                                                 \
                         "mov r12, r5\n"                                                                               \
                         "mov lr, r6\n"                                                                                \
                         "mov r6, r11\n"                                                                               \
                         "adr.w r5, 3f\n"                                                                              \
                         "add r10, r10, r10, lsl #1\n" /* 12 bytes of code per place */                                \
                         "add r5, r5, r10, lsl #2\n"                                                                   \
                         "adds r5, r5, #1\n"                                                                           \
                         "push {r1-r5, r6}\n"                                                                          \
                         "mov r10, r1\n"                                                                               \
                         "mov r11, r2\n"                                                                               \
                         "1:\n" /* a channel */                                                                        \
                         "ldr.w pc, [sp, #16]\n"                                                                       \
                         ".p2align 2\n"                                                                                \
                         "3:\n" /* the window's first row at place 0 */                                                \
                         "ldmia.w lr!, {r4-r5}\n"                                                                      \
                         "ldmia.w lr!, {r6-r9}\n"                                                                      \
                         "b.w 2f\n"                                                                                    \
                         "ldmia.w lr!, {r6-r9}\n" /* at place 1 */                                                     \
                         "ldmia.w lr!, {r4-r5}\n"                                                                      \
                         "b.w 2f\n"                                                                                    \
                         "ldmia.w lr!, {r8-r9}\n" /* at place 2 */                                                     \
                         "ldmia.w lr!, {r4-r7}\n"                                                                      \
                         "2:\n" /* two outputs */                                                                      \
                         place_0 place_1 place_2 "ldr.w r0, [lr, #4]\n"                                                \
                         "ldr.w r1, [lr, #8]\n" ROUND "add r2, r2, r1\n"                                               \
                         "add r3, r3, r1\n"                                                                            \
                         "ldr.w r0, [lr, #12]\n"                                                                       \
                         "ldr r1, [sp, #8]\n"                                                                          \
                         "asr r2, r2, r0\n"                                                                            \
                         "asr r3, r3, r0\n"                                                                            \
                         "ssat r2, #8, r2\n"                                                                           \
                         "strb.w r2, [r11]\n"                                                                          \
                         "add r11, r11, r12\n"                                                                         \
                         "ssat r3, #8, r3\n"                                                                           \
                         "strb.w r3, [r11]\n"                                                                          \
                         "add r11, r11, r12\n"                                                                         \
                         "cmp r11, r1\n"                                                                               \
                         "blo 2b\n"                                                                                    \
                         "ldr r0, [sp, #20]\n"                                                                         \
                         "cbz r0, 4f\n"                                                                                \
                         "ldr.w r0, [r10]\n" /* the last output of an odd number */                                    \
                         "ldr.w r1, [r10, #48]\n"                                                                      \
                         "ldr.w r3, [lr]\n"                                                                            \
                         "smlad r2, r0, r4, r3\n"                                                                      \
                         "smlabt r2, r1, r5, r2\n"                                                                     \
                         "ldr.w r0, [r10, #4]\n"                                                                       \
                         "ldr.w r1, [r10, #52]\n"                                                                      \
                         "smlad r2, r0, r6, r2\n"                                                                      \
                         "smlabt r2, r1, r7, r2\n"                                                                     \
                         "ldr.w r0, [r10, #8]\n"                                                                       \
                         "ldr.w r1, [r10, #56]\n"                                                                      \
                         "smlad r2, r0, r8, r2\n"                                                                      \
                         "smlabt r2, r1, r9, r2\n"                                                                     \
                         "ldr.w r0, [lr, #4]\n"                                                                        \
                         "ldr.w r1, [lr, #8]\n" ROUND_ONE "add r2, r2, r1\n"                                           \
                         "ldr.w r0, [lr, #12]\n"                                                                       \
                         "asr r2, r2, r0\n"                                                                            \
                         "ssat r2, #8, r2\n"                                                                           \
                         "strb.w r2, [r11]\n"                                                                          \
                         "4:\n"                                                                                        \
                         "ldr.w r10, [sp, #0]\n"                                                                       \
                         "ldr.w r11, [sp, #4]\n"                                                                       \
                         "ldr.w r0, [sp, #12]\n"                                                                       \
                         "add lr, lr, #16\n"                                                                           \
                         "add r10, r10, #12\n"                                                                         \
                         "add r11, r11, #1\n"                                                                          \
                         "strd r10, r11, [sp]\n"                                                                       \
                         "cmp lr, r0\n"                                                                                \
                         "bne 1b\n"                                                                                    \
                         "add sp, sp, #24\n"                                                                           \
                         "pop {r7}\n"                                                                                  \
                         : "+r"(from)                                                                                  \
                         :                                                                                             \
                         : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc"); \
    }

ROW(row_stride_1, STRIDE_1(0, "], #48", "ldr.w r3, [lr]\n", "r3", "r3", "r4", "r5"),
    STRIDE_1(-44, ", #-44]", "", "r2", "r3", "r6", "r7"), STRIDE_1(-40, ", #-40]", "", "r2", "r3", "r8", "r9"))
ROW(row_stride_2, STRIDE_2(0, "", "ldr.w r3, [lr]\n", "r3", "r3", "r4", "r5"),
    STRIDE_2(4, "", "", "r2", "r3", "r6", "r7"), STRIDE_2(8, "", "", "r2", "r3", "r8", "r9") "add.w r10, r10, #96\n")
#else
static void row_any(const row_work *work, int32_t stride) {
    const int8_t *end = work->end + (work->is_odd ? work->step : 0);
    for (int32_t i = 0; i < 4; i++) {
        const int32_t *channel = work->channels + i * TG_CHANNEL_3X3;
        const uint32_t *pair = work->strip + i * CHANNEL;
        const tg_doubled by = {channel[TG_MULTIPLIER_3X3], channel[TG_ADDEND_3X3], channel[TG_SHIFT_3X3]};
        int32_t x = 0;
        for (int8_t *out = work->out; out < end; out += work->step, x += stride) {
            int32_t sum = channel[TG_BIAS_3X3];
            for (uint32_t row = 0; row < 3; row++) {
                const uint32_t *at = pair + x / 2 * PAIR + (work->place + row) % 3;
                const uint32_t w01 = (uint32_t)channel[2 * row], w12 = (uint32_t)channel[2 * row + 1];
                if (x % 2 == 0) {
                    sum = tg_smlabt(at[PAIR], w12, tg_smlad(at[0], w01, sum));
                } else {
                    sum = tg_smlad(at[PAIR], w12, tg_smlatb(at[0], w01, sum));
                }
            }
            out[i] = tg_doubled_store(sum, by);
        }
    }
}

static void row_stride_1(const row_work *work) {
    row_any(work, 1);
}

static void row_stride_2(const row_work *work) {
    row_any(work, 2);
}
#endif

/* Two columns of four channels. */
TG_ALWAYS_INLINE void put_pair(uint32_t a, uint32_t b, uint32_t *to) {
    const uint32_t low = tg_pkhbt_lsl16(a, b), high = tg_pkhtb_asr16(b, a);
    to[0] = tg_sxtb16(low);
    to[CHANNEL] = tg_sxtb16_ror8(low);
    to[2 * CHANNEL] = tg_sxtb16(high);
    to[3 * CHANNEL] = tg_sxtb16_ror8(high);
}

/* `pairs` pairs of columns that lie inside the image; pairs > 0. */
TG_ALWAYS_INLINE void put_pairs(const int8_t *from, int32_t step, int32_t pairs, uint32_t *to) {
#if TG_HAS_DSP
    uint32_t a, b, c;
    __asm__ volatile(/* loads that follow each other take one cycle each; compilers move them apart */
                     "1:\n"
                     "ldr %[a], [%[from]]\n"
                     "ldr %[b], [%[from], %[step]]\n"
                     "add %[from], %[from], %[step], lsl #1\n"
                     "pkhbt %[c], %[a], %[b], lsl #16\n"
                     "pkhtb %[b], %[b], %[a], asr #16\n"
                     "sxtb16 %[a], %[c]\n"
                     "sxtb16 %[c], %[c], ror #8\n"
                     "str %[a], [%[to]], #48\n"
                     "sxtb16 %[a], %[b]\n"
                     "sxtb16 %[b], %[b], ror #8\n"
                     "str %[c], [%[to], #-36]\n"
                     "str %[a], [%[to], #-24]\n"
                     "str %[b], [%[to], #-12]\n"
                     "subs %[pairs], %[pairs], #1\n"
                     "bne 1b\n"
                     :
                     [from] "+&r"(from), [to] "+&r"(to), [pairs] "+&r"(pairs), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c)
                     : [step] "r"(step)
                     : "memory", "cc");
#else
    for (; pairs > 0; pairs--, from += 2 * step, to += PAIR) {
        put_pair(tg_load_word(from), tg_load_word(from + step), to);
    }
#endif
}

/* The pairs of columns of a strip, the same for all rows: those from `first` on are inside the image, before them may
   be one whose second column is, after them one whose first is. The others hold zero points already. */
typedef struct {
    int32_t pairs, first, inside;
    int has_half_before, has_half_after;
    int32_t column; /* of pair `first` */
    int32_t step;   /* bytes from one column to the next */
    uint32_t zeros; /* four zero points */
} strip_columns;

static strip_columns columns_of(const tg_depthwise_conv_2d_3x3_s8_params *p, int32_t left, int32_t pairs) {
    const int32_t first = left < 0 ? (1 - left) >> 1 : 0, column = left + 2 * first;
    const int32_t width = p->window.input_w - column, rest = pairs - first;
    const int32_t inside = rest < width >> 1 ? rest : width >> 1;
    const strip_columns c = {pairs,
                             first,
                             inside,
                             left < 0 && (left & 1) != 0,
                             inside < rest && (width & 1) != 0,
                             column,
                             p->input_c,
                             (uint8_t)p->input_zero_point * 0x01010101u};
    return c;
}

/* Four channels of a row, at one place of the strip. */
TG_ALWAYS_INLINE void put_row(const strip_columns *c, const int8_t *row, uint32_t *strip) {
    const int8_t *from = row + c->column * c->step;
    uint32_t *to = strip + c->first * PAIR;
    if (c->has_half_before) {
        put_pair(c->zeros, tg_load_word(from - c->step), to - PAIR);
    }
    if (c->inside > 0) {
        put_pairs(from, c->step, c->inside, to);
    }
    if (c->has_half_after) {
        put_pair(tg_load_word(from + 2 * c->inside * c->step), c->zeros, to + c->inside * PAIR);
    }
}

/* A row above or below the image. */
TG_NEVER_INLINE void put_zeros(const strip_columns *c, uint32_t *to) {
    for (const uint32_t *end = to + c->pairs * PAIR; to < end; to += PAIR) {
        put_pair(c->zeros, c->zeros, to);
    }
}

/* Four channels, `filter` and on, of output columns x .. x + pixels - 1. */
static void compute_4(const tg_depthwise_conv_2d_3x3_s8_params *p, const strip_columns *c, int32_t filter,
                      const int8_t *input, int8_t *output, int32_t first, int32_t count, int32_t x, int32_t pixels,
                      uint32_t *strip) {
    const tg_window *w = &p->window;
    const int32_t *channels = p->channels + filter * TG_CHANNEL_3X3;
    if (p->is_staged) {
        uint32_t *copy = strip + ((p->strip + 1) / 2 * w->stride_w + 1) * PAIR;
        tg_stage(channels, 4 * TG_CHANNEL_3X3, copy);
        channels = (const int32_t *)copy;
    }
    row_work work = {strip, 0, 0, channels + 4 * TG_CHANNEL_3X3, c->step, channels, 0, (uint32_t)pixels & 1u};
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    int32_t top = y * w->stride_h - w->pad_top;
    int32_t next = top; /* the row of the image that the strip gets next, at work.place */
    for (int32_t r = first; r < first + count; r++) {
        for (next = next < top ? top : next; next < top + 3; next++) {
            if (next >= 0 && next < w->input_h) {
                put_row(c, tg_row(input, p->input, image_row + next) + filter, strip + work.place);
            } else {
                put_zeros(c, strip + work.place);
            }
            work.place = work.place < 2 ? work.place + 1 : 0;
        }
        work.out = tg_output_row(output, p->output, r) + x * c->step + filter;
        work.end = work.out + (pixels & ~1) * c->step;
        if (w->stride_w == 1) {
            row_stride_1(&work);
        } else {
            row_stride_2(&work);
        }
        top += w->stride_h;
        if (++y == w->output_h) {
            y = 0;
            next = top = -w->pad_top;
            image_row += w->input_h;
        }
    }
}

void tg_depthwise_conv_2d_3x3_s8(const tg_depthwise_conv_2d_3x3_s8_params *p, const int8_t *input, int8_t *output,
                                 int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    uint32_t *strip = (uint32_t *)scratch;
    for (int32_t x = 0; x < w->output_w; x += p->strip) {
        const int32_t rest = w->output_w - x, pixels = rest < p->strip ? rest : p->strip;
        const int32_t pairs = ((pixels + 1) >> 1) * w->stride_w + 1;
        const strip_columns columns = columns_of(p, x * w->stride_w - w->pad_left, pairs);
        const uint32_t two_zeros = tg_sxtb16(columns.zeros);
        for (uint32_t *to = strip; to < strip + pairs * PAIR; to += 4) {
            to[0] = to[1] = to[2] = to[3] = two_zeros;
        }
        for (int32_t f = 0; f < p->input_c; f += 4) {
            const int32_t filter =
                f + 4 <= p->input_c ? f : p->input_c - 4; /* the last four may overlap those before */
            compute_4(p, &columns, filter, input, output, first, count, x, pixels, strip);
        }
    }
}
