/* Helium: eight or sixteen channels at a time, in lanes of even and odd channels; with a multiplier, the inputs are
   gathered. */
#include "tg_depthwise_conv_2d_s8.h"
#include "tg_mve.h"

/* The taps of one output pixel: kernel_h runs of kernel_w, some of which lie outside the image. */
typedef struct {
    const int8_t *input;
    int32_t image_row;
    int32_t in_y; /* of tap (0, 0); may be negative */
    int32_t in_x;
} place;

/* Sums of eight channels: 0, 2, 4, 6 and 1, 3, 5, 7. */
typedef struct {
    int32x4_t even, odd;
} sums;

static inline void add_products(sums *s, int16x8_t values, int16x8_t weights) {
    s->even = vaddq_s32(s->even, vmullbq_int_s16(values, weights));
    s->odd = vaddq_s32(s->odd, vmulltq_int_s16(values, weights));
}

/* Eight inputs for output channels filter .. filter + 7, of which `lanes` exist. */
static inline int16x8_t load(const int8_t *pixel, int32_t multiplier, int32_t filter, mve_pred16_t lanes) {
    if (multiplier == 1) {
        return vldrbq_z_s16(pixel + filter, lanes);
    }
    uint16_t channel[8];
    for (int i = 0; i < 8; i++) {
        channel[i] = (uint16_t)((filter + i) / multiplier - filter / multiplier);
    }
    return vldrbq_gather_offset_z_s16(pixel + filter / multiplier, vld1q_u16(channel), lanes);
}

/* Multipliers and shifts of channels 0, 2, 4, 6 and 1, 3, 5, 7. */
typedef struct {
    int32x4x2_t even, odd;
} requants;

static inline requants load_requants(const tg_mve_output *o, int32_t filter) {
    requants r = {{{vdupq_n_s32(o->requant->multiplier), vdupq_n_s32(o->requant->shift)}},
                  {{vdupq_n_s32(o->requant->multiplier), vdupq_n_s32(o->requant->shift)}}};
    if (o->requant_step != 0) {
        const int32x4x4_t both = vld4q_s32((const int32_t *)(const void *)(o->requant + filter));
        r.even.val[0] = both.val[0], r.even.val[1] = both.val[1];
        r.odd.val[0] = both.val[2], r.odd.val[1] = both.val[3];
    }
    return r;
}

/* As load_requants, reading nothing behind the last channel. */
static inline requants load_some_requants(const tg_mve_output *o, int32_t filter, int32_t count) {
    tg_requant some[8] = {{0, 0}};
    for (int32_t i = 0; i < count; i++) {
        some[i] = o->requant[(filter + i) * o->requant_step];
    }
    const tg_mve_output here = {some, 1, 0, 0, 0};
    return load_requants(&here, 0);
}

/* Eight stored outputs in the order of their channels. */
static inline int16x8_t stored(const tg_mve_output *o, sums s, requants r) {
    const int32x4_t even = tg_mve_stored(o, s.even, r.even), odd = tg_mve_stored(o, s.odd, r.odd);
    return vmovntq_s32(vmovnbq_s32(vdupq_n_s16(0), even), odd);
}

static inline sums begin(const int32_t *bias) {
    const int32x4x2_t both = vld2q_s32(bias);
    const sums s = {both.val[0], both.val[1]};
    return s;
}

static inline sums begin_some(const int32_t *bias, int32_t count) {
    int32_t some[8] = {0};
    for (int32_t i = 0; i < count; i++) {
        some[i] = bias[i];
    }
    return begin(some);
}

/* Adds the products of sixteen inputs and weights; inline assembly, since compilers spill the sums. */
static inline void add_tap(sums *a, sums *b, const int8_t *values, const int8_t *weights) {
    __asm__("vldrb.s16 q0, [%[values]]\n"
            "vldrb.s16 q1, [%[weights]]\n"
            "vmullb.s16 q2, q0, q1\n"
            "vmullt.s16 q0, q0, q1\n"
            "vadd.i32 %q[a0], %q[a0], q2\n"
            "vldrb.s16 q2, [%[values], #8]\n"
            "vadd.i32 %q[a1], %q[a1], q0\n"
            "vldrb.s16 q1, [%[weights], #8]\n"
            "vmullb.s16 q0, q2, q1\n"
            "vmullt.s16 q2, q2, q1\n"
            "vadd.i32 %q[b0], %q[b0], q0\n"
            "vadd.i32 %q[b1], %q[b1], q2\n"
            : [a0] "+w"(a->even), [a1] "+w"(a->odd), [b0] "+w"(b->even), [b1] "+w"(b->odd)
            : [values] "l"(values), [weights] "l"(weights)
            : "q0", "q1", "q2", "memory");
}

/* Output channels filter .. filter + 15 of one pixel; multiplier 1. zeros: sixteen zero points. */
static void sixteen(const tg_depthwise_conv_2d_s8_params *p, const tg_mve_output *o, const place *at, int32_t filter,
                    const int8_t *zeros, int8_t *out) {
    const tg_window *w = &p->window;
    const int32_t filters = p->input_c, step = w->dilation_w * filters, dilation_w = w->dilation_w;
    const int8_t *weight = p->weights + filter;
    sums a = begin(p->bias + filter), b = begin(p->bias + filter + 8);
    for (int32_t ky = 0, in_y = at->in_y; ky < w->kernel_h; ky++, in_y += w->dilation_h) {
        const int inside_y = in_y >= 0 && in_y < w->input_h;
        const int8_t *row = inside_y ? tg_row(at->input, p->input, at->image_row + in_y) : at->input;
        const uint32_t width = inside_y ? (uint32_t)w->input_w : 0;
        int32_t in_x = at->in_x, offset = in_x * filters + filter;
        for (int32_t kx = w->kernel_w; kx > 0; kx--) {
            add_tap(&a, &b, (uint32_t)in_x < width ? row + offset : zeros, weight);
            weight += filters;
            offset += step;
            in_x += dilation_w;
        }
    }
    vstrbq_s16(out + filter, stored(o, a, load_requants(o, filter)));
    vstrbq_s16(out + filter + 8, stored(o, b, load_requants(o, filter + 8)));
}

/* Output channels filter .. filter + lanes - 1 of one pixel, at most eight; any multiplier. */
static void eight(const tg_depthwise_conv_2d_s8_params *p, const tg_mve_output *o, const place *at, int32_t filter,
                  int32_t lanes, int8_t *out) {
    const tg_window *w = &p->window;
    const mve_pred16_t some = vctp16q((uint32_t)lanes);
    const int8_t *weight = p->weights + filter;
    sums s = begin_some(p->bias + filter, lanes);
    for (int32_t ky = 0, in_y = at->in_y; ky < w->kernel_h; ky++, in_y += w->dilation_h) {
        const int inside_y = in_y >= 0 && in_y < w->input_h;
        const int8_t *row = inside_y ? tg_row(at->input, p->input, at->image_row + in_y) : at->input;
        for (int32_t kx = 0, in_x = at->in_x; kx < w->kernel_w; kx++, in_x += w->dilation_w) {
            const int inside = inside_y && in_x >= 0 && in_x < w->input_w;
            const int16x8_t values = inside ? load(row + in_x * p->input_c, p->multiplier, filter, some)
                                            : vdupq_n_s16((int16_t)p->input_zero_point);
            add_products(&s, values, vldrbq_z_s16(weight, some));
            weight += p->input_c * p->multiplier;
        }
    }
    vstrbq_p_s16(out + filter, stored(o, s, load_some_requants(o, filter, lanes)), some);
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count) {
    const tg_window *w = &p->window;
    const tg_mve_output o = {p->requant, p->requant_step, p->output_zero_point, p->output_min, p->output_max};
    const int32_t filters = p->input_c * p->multiplier;
    int8_t zeros[16];
    vstrbq_s8(zeros, vdupq_n_s8((int8_t)p->input_zero_point));
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image = r / w->output_h, y = r % w->output_h;
        place at = {input, image * w->input_h, y * w->stride_h - w->pad_top, -w->pad_left};
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, at.in_x += w->stride_w, out += filters) {
            int32_t filter = 0;
            for (; p->multiplier == 1 && filter + 16 <= filters; filter += 16) {
                sixteen(p, &o, &at, filter, zeros, out);
            }
            for (; filter < filters; filter += 8) {
                eight(p, &o, &at, filter, filters - filter < 8 ? filters - filter : 8, out);
            }
        }
    }
}
