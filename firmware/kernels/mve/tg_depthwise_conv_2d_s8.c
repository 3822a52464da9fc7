/* Helium: sixteen or eight channels at a time, in lanes of even and odd channels; a pixel's taps are located once for
   all of them. */
#include "tg_depthwise_conv_2d_s8.h"
#include "tg_mve.h"

/* Sums of eight channels: 0, 2, 4, 6 and 1, 3, 5, 7. */
typedef struct {
    int32x4_t even, odd;
} sums;

/* What a pixel's channels share. */
typedef struct {
    const tg_depthwise_conv_2d_s8_params *params;
    const int8_t *const *taps; /* channel 0 of each */
    int32_t count;             /* of them */
} pixel;

/* Where the taps under an output pixel lie, whose first is at row top, column left; zeros: what lies outside. */
static void locate(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int32_t image_row, int32_t top,
                   int32_t left, const int8_t *zeros, const int8_t **tap) {
    const tg_window *w = &p->window;
    const int32_t step = w->dilation_w * p->input_c;
    for (int32_t rows = w->kernel_h; rows > 0; rows--, top += w->dilation_h) {
        const uint32_t width = top >= 0 && top < w->input_h ? (uint32_t)w->input_w : 0;
        const int8_t *row = width ? tg_row(input, p->input, image_row + top) : input;
        int32_t x = left, offset = left * p->input_c;
        for (int32_t columns = w->kernel_w; columns > 0; columns--) {
            *tap++ = (uint32_t)x < width ? row + offset : zeros;
            x += w->dilation_w;
            offset += step;
        }
    }
}

/* Adds the products of channels filter .. filter + 15 of all taps; inline assembly, since compilers spill the sums. */
static inline void add_16(const pixel *at, int32_t filter, sums *a, sums *b) {
    const int8_t *const *tap = at->taps, *value;
    const int8_t *weights = at->params->weights + filter;
    __asm__ volatile("dls lr, %[count]\n"
                     "1:\n"
                     "ldr %[value], [%[tap]], #4\n"
                     "add %[value], %[filter]\n"
                     "vldrb.s16 q0, [%[value]]\n"
                     "vldrb.s16 q1, [%[weights]]\n"
                     "vmullb.s16 q2, q0, q1\n"
                     "vmullt.s16 q0, q0, q1\n"
                     "vadd.i32 %q[a0], %q[a0], q2\n"
                     "vldrb.s16 q2, [%[value], #8]\n"
                     "vadd.i32 %q[a1], %q[a1], q0\n"
                     "vldrb.s16 q1, [%[weights], #8]\n"
                     "vmullb.s16 q0, q2, q1\n"
                     "vmullt.s16 q2, q2, q1\n"
                     "vadd.i32 %q[b0], %q[b0], q0\n"
                     "add %[weights], %[step]\n"
                     "vadd.i32 %q[b1], %q[b1], q2\n"
                     "le lr, 1b\n"
                     : [a0] "+w"(a->even), [a1] "+w"(a->odd), [b0] "+w"(b->even), [b1] "+w"(b->odd), [tap] "+l"(tap),
                       [weights] "+l"(weights), [value] "=&l"(value)
                     : [count] "r"(at->count), [filter] "r"(filter), [step] "r"(at->params->input_c)
                     : "lr", "q0", "q1", "q2", "memory");
}

/* The same for channels filter .. filter + 7, of which `some` exist. */
static inline void add_8(const pixel *at, int32_t filter, mve_pred16_t some, sums *a) {
    const int8_t *weights = at->params->weights + filter;
    for (int32_t i = 0; i < at->count; i++, weights += at->params->input_c) {
        const int16x8_t x = vldrbq_z_s16(at->taps[i] + filter, some), w = vldrbq_z_s16(weights, some);
        a->even = vaddq_s32(a->even, vmullbq_int_s16(x, w));
        a->odd = vaddq_s32(a->odd, vmulltq_int_s16(x, w));
    }
}

/* Every other of eight values that begin at `from`, of which `count` exist. */
static inline int32x4_t every_other(const int32_t *from, uint32_t step, uint32_t count) {
    return vldrwq_gather_shifted_offset_z_s32(from, vmulq_n_u32(vidupq_n_u32(0, 2), step), vctp32q((count + 1) / 2));
}

static inline sums biases(const tg_depthwise_conv_2d_s8_params *p, int32_t filter) {
    const int32x4x2_t both = vld2q_s32(p->bias + filter);
    const sums s = {both.val[0], both.val[1]};
    return s;
}

static inline sums some_biases(const tg_depthwise_conv_2d_s8_params *p, int32_t filter, uint32_t count) {
    const int32_t *bias = p->bias + filter;
    const sums s = {every_other(bias, 1, count), every_other(bias + 1, 1, count - 1)};
    return s;
}

/* The stored outputs of channels filter .. filter + 7, of which `count` exist. */
static inline int16x8_t stored(const tg_depthwise_conv_2d_s8_params *p, sums s, int32_t filter, uint32_t count) {
    const uint32_t step = 2 * (uint32_t)p->requant_step; /* words from one multiplier to the next */
    const int32_t *requant = (const int32_t *)(const void *)(p->requant + filter * p->requant_step);
    const int32x4x2_t even = {{every_other(requant, step, count), every_other(requant + 1, step, count)}};
    requant += step;
    const int32x4x2_t odd = {{every_other(requant, step, count - 1), every_other(requant + 1, step, count - 1)}};
    /* saturating before the zero point is added changes nothing: what saturates is clamped */
    int16x8_t both = vqmovnbq_s32(vdupq_n_s16(0), tg_mve_multiply(s.even, even));
    both = vqmovntq_s32(both, tg_mve_multiply(s.odd, odd));
    both = vqaddq_n_s16(both, (int16_t)p->output_zero_point);
    both = vmaxq_s16(both, vdupq_n_s16((int16_t)p->output_min));
    return vminq_s16(both, vdupq_n_s16((int16_t)p->output_max));
}

static inline void compute_16(const pixel *at, int32_t filter, int8_t *out) {
    const tg_depthwise_conv_2d_s8_params *p = at->params;
    sums a = biases(p, filter), b = biases(p, filter + 8);
    add_16(at, filter, &a, &b);
    vstrbq_s16(out + filter, stored(p, a, filter, 8));
    vstrbq_s16(out + filter + 8, stored(p, b, filter + 8, 8));
}

static inline void compute_8(const pixel *at, int32_t filter, uint32_t count, int8_t *out) {
    const tg_depthwise_conv_2d_s8_params *p = at->params;
    const mve_pred16_t some = vctp16q(count);
    sums a = some_biases(p, filter, count);
    add_8(at, filter, some, &a);
    vstrbq_p_s16(out + filter, stored(p, a, filter, count), some);
}

/* All channels, each with one filter; the last few may overlap those before. */
static void compute_pixel(const pixel *at, int8_t *out) {
    const int32_t all = at->params->input_c;
    int32_t filter = 0;
    for (; filter + 16 <= all; filter += 16) {
        compute_16(at, filter, out);
    }
    if (filter + 8 < all && all >= 16) {
        compute_16(at, all - 16, out);
    } else if (filter + 8 < all) {
        compute_8(at, 0, 8, out);
        compute_8(at, all - 8, 8, out);
    } else if (filter < all) {
        compute_8(at, all < 8 ? 0 : all - 8, all < 8 ? (uint32_t)all : 8, out);
    }
}

/* Channels with several filters each, one by one. */
static void compute_multiplied(const pixel *at, int8_t *out) {
    const tg_depthwise_conv_2d_s8_params *p = at->params;
    const int32_t all = p->input_c * p->multiplier;
    for (int32_t filter = 0; filter < all; filter++) {
        const int8_t *weights = p->weights + filter;
        uint32_t acc = (uint32_t)p->bias[filter]; /* wraps as TFLite's registers do */
        for (int32_t i = 0; i < at->count; i++, weights += all) {
            acc += (uint32_t)(at->taps[i][filter / p->multiplier] * *weights);
        }
        const int32_t result = tg_multiply((int32_t)acc, p->requant[filter * p->requant_step]) + p->output_zero_point;
        out[filter] = (int8_t)tg_clamp(result, p->output_min, p->output_max);
    }
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    const int8_t **taps = (const int8_t **)scratch;
    const pixel at = {p, taps, w->kernel_h * w->kernel_w};
    int8_t *zeros = (int8_t *)(taps + at.count);
    for (int32_t c = 0; c < p->input_c; c += 16) {
        vstrbq_p_s8(zeros + c, vdupq_n_s8((int8_t)p->input_zero_point), vctp8q((uint32_t)(p->input_c - c)));
    }
    int32_t image_row = first / w->output_h * w->input_h, y = first % w->output_h;
    for (int32_t r = first; r < first + count; r++) {
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->input_c * p->multiplier) {
            locate(p, input, image_row, y * w->stride_h - w->pad_top, x * w->stride_w - w->pad_left, zeros, taps);
            if (p->multiplier == 1) {
                compute_pixel(&at, out);
            } else {
                compute_multiplied(&at, out);
            }
        }
        if (++y == w->output_h) {
            y = 0;
            image_row += w->input_h;
        }
    }
}
