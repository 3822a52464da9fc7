/* Four filters at a time: SXTB16 splits four channels. Windows of 3 x 3 go down the image four channels wide, SMLAD
   adding two taps of a channel; in any other window the taps of a pixel are located once for all its filters. */
#include "tg_depthwise_conv_2d_s8.h"
#include "tg_dsp.h"

enum {
    STRIP = 32, /* columns of a strip */
    TAPS = 96   /* taps located at a time */
};

/* What windows of 3 x 3 read at every pixel, in reading order: biases, weights, rescalings of four filters. */
typedef uint32_t tg_stream_3x3[4 + 5 * 4 + 4 * 3];

/* The next two words. Volatile: left alone, compilers load everything first, for which there are no registers. */
TG_ALWAYS_INLINE const uint32_t *read_two(const uint32_t *at, uint32_t *a, uint32_t *b) {
#if TG_HAS_DSP
    __asm__ volatile("ldrd %1, %2, [%0], #8" : "+r"(at), "=r"(*a), "=r"(*b) : : "memory");
    return at;
#else
    *a = at[0];
    *b = at[1];
    return at + 2;
#endif
}

/* Two taps of four channels -> the two taps of each channel. */
TG_ALWAYS_INLINE void pair_taps(uint32_t a, uint32_t b, uint32_t pairs[4]) {
    const uint32_t low = tg_pkhbt_lsl16(a, b), high = tg_pkhtb_asr16(b, a);
    pairs[0] = tg_sxtb16(low);
    pairs[1] = tg_sxtb16_ror8(low);
    pairs[2] = tg_sxtb16(high);
    pairs[3] = tg_sxtb16_ror8(high);
}

/* Whether tg_rescale serves the four filters from `filter` on. */
static int can_rescale_4(const tg_depthwise_conv_2d_s8_params *p, int32_t filter) {
    const int32_t depth = p->window.kernel_h * p->window.kernel_w;
    return tg_can_rescale_all(p->requant + filter * p->requant_step, p->requant_step, p->bias + filter, 4, depth,
                              p->output_min, p->output_max);
}

static void write_stream(const tg_depthwise_conv_2d_s8_params *p, int32_t filter, tg_stream_3x3 stream) {
    const int8_t *w = p->weights + filter;
    for (int32_t i = 0; i < 5; i++) {
        const int32_t a = i < 3 ? i : 2 * i, b = i < 3 ? i + 3 : 7; /* 0 3, 1 4, 2 5, 6 7, 8 */
        const uint32_t second = i < 4 ? tg_load_word(w + b * p->input_c) : 0;
        pair_taps(tg_load_word(w + a * p->input_c), second, stream + 4 + 4 * i);
    }
    for (int32_t i = 0; i < 4; i++) {
        const tg_rescaling by = tg_rescaling_of(p->requant[(filter + i) * p->requant_step], p->output_zero_point);
        stream[i] = (uint32_t)p->bias[filter + i];
        stream[24 + 3 * i] = (uint32_t)by.multiplier;
        stream[25 + 3 * i] = (uint32_t)by.addend;
        stream[26 + 3 * i] = (uint32_t)by.shift;
    }
}

TG_ALWAYS_INLINE const uint32_t *add_pair(uint32_t a, uint32_t b, const uint32_t *stream, int32_t acc[4]) {
    uint32_t pairs[4], w0, w1, w2, w3;
    pair_taps(a, b, pairs);
    stream = read_two(stream, &w0, &w1);
    acc[0] = tg_smlad(pairs[0], w0, acc[0]);
    acc[1] = tg_smlad(pairs[1], w1, acc[1]);
    stream = read_two(stream, &w2, &w3);
    acc[2] = tg_smlad(pairs[2], w2, acc[2]);
    acc[3] = tg_smlad(pairs[3], w3, acc[3]);
    return stream;
}

/* One tap alone: the weights' upper halves are 0. */
TG_ALWAYS_INLINE const uint32_t *add_last(uint32_t a, const uint32_t *stream, int32_t acc[4]) {
    const uint32_t even = tg_sxtb16(a), odd = tg_sxtb16_ror8(a);
    uint32_t w0, w1, w2, w3;
    stream = read_two(stream, &w0, &w1);
    acc[0] = tg_smlabb(even, w0, acc[0]);
    acc[1] = tg_smlabb(odd, w1, acc[1]);
    stream = read_two(stream, &w2, &w3);
    acc[2] = tg_smlatb(even, w2, acc[2]);
    acc[3] = tg_smlatb(odd, w3, acc[3]);
    return stream;
}

TG_ALWAYS_INLINE const uint32_t *store_next(int32_t acc, const uint32_t *stream, int8_t *out) {
    uint32_t multiplier, addend;
    stream = read_two(stream, &multiplier, &addend);
    const tg_rescaling by = {(int32_t)multiplier, (int32_t)addend, (int32_t)*stream++};
    *out = (int8_t)tg_ssat8(tg_rescale(acc, by));
    return stream;
}

/* A row of pixels from three rows of a strip; the next pixel's taps are `advance` words on, its output out_step. */
static void pixels_3x3(const uint32_t *stream, const uint32_t *a, const uint32_t *b, const uint32_t *c, int32_t advance,
                       int8_t *out, int32_t out_step, int32_t pixels) {
    for (const int8_t *end = out + pixels * out_step; out != end; out += out_step) {
        uint32_t bias[4];
        const uint32_t *s = read_two(stream, &bias[0], &bias[1]);
        s = read_two(s, &bias[2], &bias[3]);
        int32_t acc[4] = {(int32_t)bias[0], (int32_t)bias[1], (int32_t)bias[2], (int32_t)bias[3]};
        s = add_pair(a[0], b[0], s, acc);
        s = add_pair(a[1], b[1], s, acc);
        s = add_pair(a[2], b[2], s, acc);
        s = add_pair(c[0], c[1], s, acc);
        s = add_last(c[2], s, acc);
        s = store_next(acc[0], s, out);
        s = store_next(acc[1], s, out + 1);
        s = store_next(acc[2], s, out + 2);
        store_next(acc[3], s, out + 3);
        a += advance;
        b += advance;
        c += advance;
    }
}

/* Columns left .. left + columns - 1 of four channels of a row, zero points outside the image, of which `right` is the
   border: 0 where the row itself is outside. */
static void gather(const tg_depthwise_conv_2d_s8_params *p, const int8_t *row, int32_t left, int32_t right,
                   int32_t columns, uint32_t *strip) {
    const uint32_t fill = (uint8_t)p->input_zero_point * 0x01010101u;
    const uint32_t *const end = strip + columns;
    for (int32_t x = left; x < 0 && strip < end; x++) {
        *strip++ = fill;
    }
    const int32_t first = left > 0 ? left : 0, last = left + columns < right ? left + columns : right;
    const int8_t *from = row + first * p->input_c;
    for (int32_t rest = last - first; rest > 0; rest--) {
        *strip++ = tg_load_word(from);
        from += p->input_c;
    }
    while (strip < end) {
        *strip++ = fill;
    }
}

/* Output columns x .. x + pixels - 1 from a strip of the three input rows under them. */
static void strip_3x3(const tg_depthwise_conv_2d_s8_params *p, int32_t filter, const uint32_t *stream,
                      const int8_t *input, int8_t *output, int32_t first, int32_t count, int32_t x, int32_t pixels) {
    const tg_window *w = &p->window;
    const int32_t left = x * w->stride_w - w->pad_left, columns = (pixels - 1) * w->stride_w + 3;
    uint32_t strip[3][STRIP], *rows[3] = {strip[0], strip[1], strip[2]};
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    int32_t next = y * w->stride_h - w->pad_top; /* the row of the image that the strip gets next */
    for (int32_t r = first; r < first + count; r++) {
        const int32_t top = y * w->stride_h - w->pad_top;
        for (next = next < top ? top : next; next < top + 3; next++) {
            uint32_t *const oldest = rows[0];
            rows[0] = rows[1], rows[1] = rows[2], rows[2] = oldest;
            if (next >= 0 && next < w->input_h) {
                gather(p, tg_row(input, p->input, image_row + next) + filter, left, w->input_w, columns, oldest);
            } else {
                gather(p, input, 0, 0, columns, oldest);
            }
        }
        pixels_3x3(stream, rows[0], rows[1], rows[2], w->stride_w,
                   tg_output_row(output, p->output, r) + x * p->input_c + filter, p->input_c, pixels);
        if (++y == w->output_h) {
            y = 0;
            next = -w->pad_top;
            image_row += w->input_h;
        }
    }
}

/* Channel 0 of the taps [first, end) under an output pixel, whose first tap is at row top, column left; 0 outside. */
static void locate(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                   int32_t left, int32_t first, int32_t end, const int8_t *taps[TAPS]) {
    const tg_window *w = &p->window;
    int32_t ky = first / w->kernel_w, kx = first % w->kernel_w;
    while (first < end) {
        const int32_t in_y = top + ky * w->dilation_h;
        const int has_row = in_y >= 0 && in_y < w->input_h;
        const int8_t *row = has_row ? tg_row(input, p->input, image_row + in_y) : 0;
        const uint32_t input_w = has_row ? (uint32_t)w->input_w : 0;
        const int32_t step = w->dilation_w, rest = w->kernel_w - kx;
        int32_t in_x = left + kx * step;
        first += rest;
        for (int32_t n = first < end ? rest : rest - (first - end); n > 0; n--) {
            *taps++ = (uint32_t)in_x < input_w ? row + in_x * p->input_c : 0;
            in_x += step;
        }
        kx = 0;
        ky++;
    }
}

static int8_t rescale_any(const tg_depthwise_conv_2d_s8_params *p, int32_t acc, int32_t filter) {
    const int32_t stored = tg_multiply(acc, p->requant[filter * p->requant_step]) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

/* Four filters from `filter` on, of neighbouring channels or of the same. */
static void compute_4(const tg_depthwise_conv_2d_s8_params *p, const int8_t *const *taps, int32_t filter, int8_t *out) {
    const int32_t all = p->input_c * p->multiplier, depth = p->window.kernel_h * p->window.kernel_w;
    const int32_t *bias = p->bias + filter;
    const int8_t *w = p->weights + filter;
    const int8_t *const *const end = taps + depth;
    const uint32_t fill = (uint8_t)p->input_zero_point * 0x01010101u;
    int32_t acc[4] = {bias[0], bias[1], bias[2], bias[3]};
    if (p->multiplier == 1) {
        for (; taps != end; taps++, w += all) {
            const uint32_t values = *taps ? tg_load_word(*taps + filter) : fill, weights = tg_load_word(w);
            const uint32_t x_even = tg_sxtb16(values), x_odd = tg_sxtb16_ror8(values);
            const uint32_t w_even = tg_sxtb16(weights), w_odd = tg_sxtb16_ror8(weights);
            acc[0] = tg_smlabb(x_even, w_even, acc[0]);
            acc[1] = tg_smlabb(x_odd, w_odd, acc[1]);
            acc[2] = tg_smlatt(x_even, w_even, acc[2]);
            acc[3] = tg_smlatt(x_odd, w_odd, acc[3]);
        }
    } else {
        const int32_t channel = filter / p->multiplier;
        for (; taps != end; taps++, w += all) {
            const uint32_t value = (uint32_t)(*taps ? (*taps)[channel] : p->input_zero_point),
                           weights = tg_load_word(w);
            const uint32_t even = tg_sxtb16(weights), odd = tg_sxtb16_ror8(weights);
            acc[0] = tg_smlabb(value, even, acc[0]);
            acc[1] = tg_smlabb(value, odd, acc[1]);
            acc[2] = tg_smlabt(value, even, acc[2]);
            acc[3] = tg_smlabt(value, odd, acc[3]);
        }
    }
    for (int32_t i = 0; i < 4; i++) {
        out[i] = rescale_any(p, acc[i], filter + i);
    }
}

/* One filter, any number of taps. */
static int8_t compute_1(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                        int32_t left, int32_t filter) {
    const int32_t all = p->input_c * p->multiplier, depth = p->window.kernel_h * p->window.kernel_w;
    const int32_t channel = filter / p->multiplier;
    const int8_t *taps[TAPS], *w = p->weights + filter;
    uint32_t acc = (uint32_t)p->bias[filter];
    for (int32_t first = 0, end; first < depth; first = end) {
        end = first + TAPS < depth ? first + TAPS : depth;
        locate(p, input, image_row, top, left, first, end, taps);
        for (int32_t i = 0; i < end - first; i++) {
            acc += (uint32_t)((taps[i] ? taps[i][channel] : p->input_zero_point) * *w);
            w += all;
        }
    }
    return rescale_any(p, (int32_t)acc, filter);
}

/* Filters [begin, end) of all pixels, under any window. */
static void compute_any(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                        int32_t count, int32_t begin, int32_t end) {
    const tg_window *w = &p->window;
    const int32_t all = p->input_c * p->multiplier, depth = w->kernel_h * w->kernel_w;
    const int by_four = depth <= TAPS && (p->multiplier == 1 ? all >= 4 : p->multiplier % 4 == 0);
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t top = y * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const int32_t left = x * w->stride_w - w->pad_left;
            if (by_four) {
                const int8_t *taps[TAPS];
                locate(p, input, image_row, top, left, 0, depth, taps);
                for (int32_t f = begin; f < end; f += 4) {
                    const int32_t filter = f + 4 <= all ? f : all - 4; /* the last four may overlap those before */
                    compute_4(p, taps, filter, out + filter);
                }
            } else {
                for (int32_t f = begin; f < end; f++) {
                    out[f] = compute_1(p, input, image_row, top, left, f);
                }
            }
            out += all;
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    const int32_t all = p->input_c * p->multiplier;
    const int is_3x3 = w->kernel_h == 3 && w->kernel_w == 3 && w->dilation_h == 1 && w->dilation_w == 1 &&
                       w->stride_w <= STRIP - 3 && p->multiplier == 1 && all >= 4;
    if (!is_3x3) {
        compute_any(p, input, output, first, count, 0, all);
        return;
    }
    const int32_t strip = (STRIP - 3) / w->stride_w + 1; /* output columns */
    for (int32_t f = 0; f < all; f += 4) {
        const int32_t filter = f + 4 <= all ? f : all - 4; /* the last four may overlap those before */
        if (!can_rescale_4(p, filter)) {
            compute_any(p, input, output, first, count, filter, filter + 4);
            continue;
        }
        tg_stream_3x3 stream;
        write_stream(p, filter, stream);
        for (int32_t x = 0; x < w->output_w; x += strip) {
            const int32_t rest = w->output_w - x;
            strip_3x3(p, filter, stream, input, output, first, count, x, rest < strip ? rest : strip);
        }
    }
}
