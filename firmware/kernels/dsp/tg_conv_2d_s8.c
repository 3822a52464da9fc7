/* SMLAD: the patches of two pixels are expanded to int16 once, then multiplied with two filters at a time. */
#include "tg_conv_2d_s8.h"
#include "tg_dsp.h"

/* The scratch: for every four bytes of a patch the words of bytes (0, 2) and (1, 3) of one pixel, then of the other. */
enum { PIXEL_BYTES = 8, STEP_BYTES = 16 };

/* A patch on its way into the scratch. */
typedef struct {
    uint8_t *to;
    uint32_t held; /* bytes that do not make a word yet, the first lowest */
    int32_t bits;  /* 8 for each of them: 0 .. 24 */
} patch;

static inline uint8_t *put(uint8_t *to, uint32_t word) {
    tg_store_word(to, tg_sxtb16(word));
    tg_store_word(to + 4, tg_sxtb16_ror8(word));
    return to + STEP_BYTES;
}

/* Appends bytes of which some are held already, or are to be held afterwards. */
TG_NEVER_INLINE void append_any(patch *to, const int8_t *from, int32_t advance, int32_t bytes) {
    uint8_t *out = to->to;
    uint32_t held = to->held;
    int32_t bits = to->bits;
    for (; bytes >= 4; bytes -= 4, from += advance) {
        const uint32_t word = tg_load_word(from);
        out = put(out, held | word << bits);
        held = bits > 0 ? word >> (32 - bits) : 0;
    }
    for (int32_t i = 0; i < bytes; i++) {
        held |= (uint32_t)(uint8_t)from[i] << bits;
        bits += 8;
        if (bits == 32) {
            out = put(out, held);
            held = 0;
            bits = 0;
        }
    }
    to->to = out;
    to->held = held;
    to->bits = bits;
}

/* Appends bytes that lie one after the other (advance 4) or repeat themselves every 4 bytes (advance 0). */
static void append(patch *to, const int8_t *from, int32_t advance, int32_t bytes) {
    if (((bytes & 3) | to->bits) != 0) {
        append_any(to, from, advance, bytes);
        return;
    }
    uint8_t *out = to->to;
    if (bytes & 4) {
        out = put(out, tg_load_word(from));
        from += advance;
    }
    for (int32_t left = bytes >> 3; left > 0; left--) {
        const uint32_t word = tg_load_word(from), next = tg_load_word(from + advance);
        from += 2 * advance;
        out = put(put(out, word), next);
    }
    to->to = out;
}

/* The patch of one group under output pixel (y, x) of the image that begins at image_row, zero points outside. */
static void expand(const tg_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t y, int32_t x,
                   int32_t channels, uint8_t *scratch) {
    const tg_window *w = &p->window;
    const uint32_t zero = (uint8_t)p->input_zero_point;
    int8_t zeros[4];
    const int32_t input_c = p->input_c, input_w = w->input_w, dilation_w = w->dilation_w;
    const int32_t in_x = x * w->stride_w - w->pad_left;
    const int32_t kernel_w = w->kernel_w;
    const int is_run = dilation_w == 1 && channels == input_c; /* a row's pixels lie one after the other */
    const int32_t left = in_x < 0 ? -in_x : 0, right = in_x + kernel_w > input_w ? in_x + kernel_w - input_w : 0;
    const int32_t middle = kernel_w - left - right;
    int32_t in_y = y * w->stride_h - w->pad_top;
    patch to = {scratch, 0, 0};
    tg_store_word(zeros, zero * 0x01010101u);
    for (int32_t k = w->kernel_h; k > 0; k--, in_y += w->dilation_h) {
        if (in_y < 0 || in_y >= w->input_h) {
            append(&to, zeros, 0, kernel_w * channels);
            continue;
        }
        const int8_t *row = tg_row(input, p->input, image_row + in_y);
        if (is_run && middle > 0) {
            if (left > 0) {
                append(&to, zeros, 0, left * channels);
            }
            append(&to, row + (in_x + left) * channels, 4, middle * channels);
            if (right > 0) {
                append(&to, zeros, 0, right * channels);
            }
            continue;
        }
        for (int32_t i = 0, tap = in_x; i < kernel_w; i++, tap += dilation_w) {
            const int inside = tap >= 0 && tap < input_w;
            append(&to, inside ? row + tap * input_c : zeros, inside ? 4 : 0, channels);
        }
    }
    if (to.bits > 0) { /* what follows the filter is zero, so anything may follow the patch */
        put(to.to, to.held);
    }
}

/* Sums of two filters for two pixels. */
typedef struct {
    int32_t f0a, f0b, f1a, f1b;
} sums;

#if TG_HAS_DSP
/* Adds four products to each sum. Loads that follow each other take one cycle each; compilers move them apart. */
#define TG_STEP                                                                                                        \
    "ldr %[w1], [%[weights], %[stride]]\n"                                                                             \
    "ldr %[w0], [%[weights]], #4\n"                                                                                    \
    "ldr %[b], [%[pixels], #8]\n"                                                                                      \
    "ldr %[a], [%[pixels]], #4\n"                                                                                      \
    "sxtb16 %[w], %[w0]\n"                                                                                             \
    "smlad %[f0a], %[w], %[a], %[f0a]\n"                                                                               \
    "smlad %[f0b], %[w], %[b], %[f0b]\n"                                                                               \
    "sxtb16 %[w], %[w1]\n"                                                                                             \
    "smlad %[f1a], %[w], %[a], %[f1a]\n"                                                                               \
    "smlad %[f1b], %[w], %[b], %[f1b]\n"                                                                               \
    "ldr %[b], [%[pixels], #8]\n"                                                                                      \
    "ldr %[a], [%[pixels]], #12\n"                                                                                     \
    "sxtb16 %[w0], %[w0], ror #8\n"                                                                                    \
    "sxtb16 %[w1], %[w1], ror #8\n"                                                                                    \
    "smlad %[f0a], %[w0], %[a], %[f0a]\n"                                                                              \
    "smlad %[f0b], %[w0], %[b], %[f0b]\n"                                                                              \
    "smlad %[f1a], %[w1], %[a], %[f1a]\n"                                                                              \
    "smlad %[f1b], %[w1], %[b], %[f1b]\n"
#endif

/* Two biases, plus two filters of `bytes` bytes that begin `stride` apart times the patches at `pixels`. */
TG_ALWAYS_INLINE sums multiply(const int32_t *bias, const uint8_t *pixels, const int8_t *weights, int32_t stride,
                               int32_t bytes) {
    sums s;
#if TG_HAS_DSP
    /* thirteen registers are all that there are beside a frame pointer, too many for compilers to find by themselves */
    register int32_t f0a __asm__("r0"), f0b __asm__("r1"), f1a __asm__("r2"), f1b __asm__("r3");
    register const uint8_t *at __asm__("r4") = pixels, *end __asm__("r12") = pixels + 4 * bytes;
    register const int8_t *filters __asm__("r5") = weights;
    register int32_t next __asm__("r6") = stride;
    register uint32_t w __asm__("lr") = (uint32_t)bytes & 12u;
    register const int32_t *w0 __asm__("r8") = bias; /* its register serves two purposes */
    register uint32_t w1 __asm__("r9"), a __asm__("r10"), b __asm__("r11");
    /* four steps per turn; the first turn begins so late that the last one ends at the end */
    __asm__ volatile(
        "ldr %[f0a], [%[w0]]\n"
        "ldr %[f1a], [%[w0], #4]\n"
        "cmp %[w], #8\n"
        "mov %[f0b], %[f0a]\n"
        "mov %[f1b], %[f1a]\n"
        "beq 2f\n"
        "bhi 3f\n"
        "cmp %[w], #4\n"
        "beq 1f\n"
        "0:\n" TG_STEP "3:\n" TG_STEP "2:\n" TG_STEP "1:\n" TG_STEP "cmp %[pixels], %[end]\n"
        "bne 0b\n"
        : [f0a] "=&r"(f0a), [f0b] "=&r"(f0b), [f1a] "=&r"(f1a), [f1b] "=&r"(f1b), [pixels] "+&r"(at),
          [weights] "+&r"(filters), [w0] "+&r"(w0), [w1] "=&r"(w1), [a] "=&r"(a), [b] "=&r"(b), [w] "+&r"(w)
        : [stride] "r"(next), [end] "r"(end)
        : "memory", "cc");
    s.f0a = f0a;
    s.f0b = f0b;
    s.f1a = f1a;
    s.f1b = f1b;
#else
    const uint8_t *end = pixels + 4 * bytes;
    s.f0a = s.f0b = bias[0];
    s.f1a = s.f1b = bias[1];
    for (; pixels != end; pixels += STEP_BYTES, weights += 4) {
        const uint32_t w0 = tg_load_word(weights), w1 = tg_load_word(weights + stride);
        const uint32_t a02 = tg_load_word(pixels), a13 = tg_load_word(pixels + 4);
        const uint32_t b02 = tg_load_word(pixels + 8), b13 = tg_load_word(pixels + 12);
        s.f0a = tg_smlad(tg_sxtb16_ror8(w0), a13, tg_smlad(tg_sxtb16(w0), a02, s.f0a));
        s.f0b = tg_smlad(tg_sxtb16_ror8(w0), b13, tg_smlad(tg_sxtb16(w0), b02, s.f0b));
        s.f1a = tg_smlad(tg_sxtb16_ror8(w1), a13, tg_smlad(tg_sxtb16(w1), a02, s.f1a));
        s.f1b = tg_smlad(tg_sxtb16_ror8(w1), b13, tg_smlad(tg_sxtb16(w1), b02, s.f1b));
    }
#endif
    return s;
}

/* Stores tg_multiply plus the zero point for two pixels' sums of a filter that tg_can_rescale. */
TG_ALWAYS_INLINE void store_pair(int32_t a, int32_t b, const tg_requant *requant, int32_t zero_point, int8_t *to_a,
                                 int8_t *to_b) {
#if TG_HAS_DSP
    int32_t x, y, multiplier, shift; /* this order of instructions, not the compiler's, keeps all in registers */
    __asm__ volatile("ldr %[m], [%[requant]]\n"
                     "ldr %[s], [%[requant], #4]\n"
#if TG_ROUNDING_SINGLE
                     "smmul %[x], %[a], %[m]\n"
                     "smmul %[y], %[b], %[m]\n"
                     "mvn %[s], %[s]\n"
                     "sub %[m], %[s], #1\n"
                     "lsl %[m], %[zero], %[m]\n"
#else
                     "lsl %[x], %[a], #1\n"
                     "lsl %[y], %[b], #1\n"
                     "smmulr %[x], %[x], %[m]\n"
                     "smmulr %[y], %[y], %[m]\n"
                     "mvn %[m], %[s]\n"
                     "lsl %[m], %[zero], %[m]\n"
                     "rsb %[s], %[s], #0\n"
                     "add %[x], %[x], %[x], asr #31\n"
                     "add %[y], %[y], %[y], asr #31\n"
#endif
                     "add %[x], %[x], %[m]\n"
                     "add %[y], %[y], %[m]\n"
                     "asr %[x], %[x], %[s]\n"
                     "asr %[y], %[y], %[s]\n"
                     "ssat %[x], #8, %[x]\n"
                     "ssat %[y], #8, %[y]\n"
                     "strb %[x], [%[to_a]]\n"
                     "strb %[y], [%[to_b]]\n"
                     : [x] "=&r"(x), [y] "=&r"(y), [m] "=&r"(multiplier), [s] "=&r"(shift)
                     : [a] "r"(a), [b] "r"(b), [requant] "r"(requant), [zero] "r"(2 * zero_point + 1), [to_a] "r"(to_a),
                       [to_b] "r"(to_b)
                     : "memory");
#else
    const tg_rescaling by = tg_rescaling_of(*requant, zero_point);
    *to_a = (int8_t)tg_ssat8(tg_rescale(a, by));
    *to_b = (int8_t)tg_ssat8(tg_rescale(b, by));
#endif
}

/* The filters of a group; a group of one is made a group of two equal ones. */
typedef struct {
    const int8_t *weights;
    const int32_t *bias;
    const tg_requant *requant;
    int32_t requant_step;
    int32_t next;  /* bytes from one filter to the next */
    int32_t count; /* at least 2 */
    int can_rescale;
} bank;

TG_NEVER_INLINE void requantize(const tg_conv_2d_s8_params *p, int32_t a, int32_t b, tg_requant requant, int8_t *to_a,
                                int8_t *to_b) {
    *to_a = (int8_t)tg_clamp(tg_multiply(a, requant) + p->output_zero_point, p->output_min, p->output_max);
    *to_b = (int8_t)tg_clamp(tg_multiply(b, requant) + p->output_zero_point, p->output_min, p->output_max);
}

/* All filters of a group for the two pixels, whose first channels go to a and b. Filters are taken in pairs; if their
   number is odd, the last pair overlaps the one before it. */
TG_NEVER_INLINE void filter(const tg_conv_2d_s8_params *p, const bank *k, const uint8_t *scratch, int8_t *a,
                            int8_t *b) {
    const int32_t bytes = p->filter_stride, next = k->next, step = k->requant_step, zero_point = p->output_zero_point;
    const int8_t *weights = k->weights;
    const int32_t *bias = k->bias;
    const tg_requant *requants = k->requant;
    const int32_t can_rescale = k->can_rescale, last = k->count - 1;
    for (int32_t f = 0; f <= last; f += 2) {
        if (f == last) {
            f--;
        }
        sums s = multiply(bias + f, scratch, weights + f * next, next, bytes);
        const tg_requant *requant = requants + f * step;
        int8_t *to_a = a + f, *to_b = b + f;
        if (TG_LIKELY(can_rescale)) {
            store_pair(s.f0a, s.f0b, requant, zero_point, to_a, to_b);
            store_pair(s.f1a, s.f1b, requant + step, zero_point, to_a + 1, to_b + 1);
        } else {
            requantize(p, s.f0a, s.f0b, requant[0], to_a, to_b);
            requantize(p, s.f1a, s.f1b, requant[step], to_a + 1, to_b + 1);
        }
    }
}

/* For a group of one filter. */
static void filter_one(const tg_conv_2d_s8_params *p, const bank *k, const uint8_t *scratch, int8_t *a, int8_t *b) {
    const int32_t bias[2] = {k->bias[0], k->bias[0]};
    const bank twice = {k->weights, bias, k->requant, 0, 0, 2, k->can_rescale};
    int8_t stored_a[2], stored_b[2];
    filter(p, &twice, scratch, stored_a, stored_b);
    *a = stored_a[0];
    *b = stored_b[0];
}

/* Output pixels are taken in pairs, across the ends of rows; an odd one is computed twice. */
static void convolve(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                     const bank *k, int32_t channels, uint8_t *scratch) {
    const tg_window *w = &p->window;
    const int is_point = channels % 4 == 0 && w->kernel_h * w->kernel_w == 1 && w->pad_top == 0 && w->pad_left == 0;
    const int32_t width = w->output_w, input_c = p->input_c;
    const int32_t last = first + count - 1;
    int8_t *a = output;
    int32_t offset = 0; /* in the scratch: 0 for pixel a, PIXEL_BYTES for b */
    for (int32_t r = first; r <= last; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, y = r % w->output_h;
        const int8_t *row = is_point ? tg_row(input, p->input, image_row + y * w->stride_h) : input;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < width;) {
            if (is_point) {
                patch to = {scratch + offset, 0, 0};
                append(&to, row + x * w->stride_w * input_c, 4, channels);
            } else {
                expand(p, input, image_row, y, x, channels, scratch + offset);
            }
            const int is_single = offset == 0 && r == last && x + 1 == width; /* its patch is made again, as b */
            if (offset != 0) {
                (k->count > 1 ? filter : filter_one)(p, k, scratch, a, out);
            }
            a = out;
            offset ^= PIXEL_BYTES;
            out += is_single ? 0 : p->output_c;
            x += !is_single;
        }
    }
}

void tg_conv_2d_s8(const tg_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count,
                   void *scratch) {
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    const int32_t depth = p->window.kernel_h * p->window.kernel_w * channels;
    const int can_rescale =
        tg_can_rescale_all(p->requant, p->requant_step, p->bias, p->output_c, depth, p->output_min, p->output_max);
    bank k = {p->weights, p->bias, p->requant, p->requant_step, p->filter_stride, filters, can_rescale};
    for (int32_t group = 0; group < p->groups; group++) {
        convolve(p, input + group * channels, output + group * filters, first, count, &k, channels, (uint8_t *)scratch);
        k.weights += filters * p->filter_stride;
        k.bias += filters;
        k.requant += filters * p->requant_step;
    }
}
