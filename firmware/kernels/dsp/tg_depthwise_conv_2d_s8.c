/* A pixel's taps are located once for all its filters, which are computed four at a time: they share channels. */
#include "tg_depthwise_conv_2d_s8.h"
#include "tg_depthwise_taps.h"
#include "tg_dsp.h"

/* What the taps of a pixel refer to. */
typedef struct {
    const int8_t *input;
    const int8_t *zeros; /* zero points, as many as channels */
    const int32_t *taps;
    const int32_t *end;
} located;

TG_ALWAYS_INLINE int8_t store(const tg_depthwise_conv_2d_s8_params *p, int32_t acc, const tg_requant *requant) {
    return (int8_t)tg_clamp(tg_multiply(acc, *requant) + p->output_zero_point, p->output_min, p->output_max);
}

/* Filters f .. f + 3; sums wrap as TFLite's registers do. */
TG_NEVER_INLINE void compute_4(const tg_depthwise_conv_2d_s8_params *p, const located *l, int32_t f, int8_t *out) {
    const int32_t multiplier = p->multiplier, all = p->input_c * multiplier;
    const int32_t first = f / multiplier, second = (f + 1) / multiplier; /* channels */
    const int32_t third = (f + 2) / multiplier, fourth = (f + 3) / multiplier;
    const int8_t *weights = p->weights + f;
    int32_t a = p->bias[f], b = p->bias[f + 1], c = p->bias[f + 2], d = p->bias[f + 3];
    const int32_t *const end = l->end;
    for (const int32_t *tap = l->taps; tap != end; tap++, weights += all) {
        const int8_t *x = *tap == TG_OUTSIDE ? l->zeros : l->input + *tap;
        const uint32_t word = tg_load_word(weights), even = tg_sxtb16(word), odd = tg_sxtb16_ror8(word);
        a = tg_smlabb((uint32_t)x[first], even, a);
        b = tg_smlabb((uint32_t)x[second], odd, b);
        c = tg_smlabt((uint32_t)x[third], even, c);
        d = tg_smlabt((uint32_t)x[fourth], odd, d);
    }
    const int32_t step = p->requant_step;
    const tg_requant *requant = p->requant + f * step;
    out[f] = store(p, a, requant);
    out[f + 1] = store(p, b, requant + step);
    out[f + 2] = store(p, c, requant + 2 * step);
    out[f + 3] = store(p, d, requant + 3 * step);
}

TG_NEVER_INLINE void compute_1(const tg_depthwise_conv_2d_s8_params *p, const located *l, int32_t f, int8_t *out) {
    uint32_t sum = (uint32_t)p->bias[f];
    const int8_t *weights = p->weights + f;
    for (const int32_t *tap = l->taps; tap != l->end; tap++, weights += p->input_c * p->multiplier) {
        const int8_t *x = *tap == TG_OUTSIDE ? l->zeros : l->input + *tap;
        sum += (uint32_t)(x[f / p->multiplier] * *weights);
    }
    out[f] = store(p, (int32_t)sum, p->requant + f * p->requant_step);
}

/* All filters at one output pixel; the last four overlap those before them. */
static void compute_pixel(const tg_depthwise_conv_2d_s8_params *p, const located *l, int8_t *out) {
    const int32_t all = p->input_c * p->multiplier;
    if (all < 4) {
        for (int32_t f = 0; f < all; f++) {
            compute_1(p, l, f, out);
        }
        return;
    }
    for (int32_t f = 0; f < all; f += 4) {
        compute_4(p, l, f + 4 < all ? f : all - 4, out);
    }
}

void tg_depthwise_conv_2d_s8(const tg_depthwise_conv_2d_s8_params *p, const int8_t *input, int8_t *output,
                             int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    int32_t *taps = (int32_t *)scratch;
    int8_t *zeros = (int8_t *)(taps + w->kernel_h * w->kernel_w);
    const located l = {input, zeros, taps, taps + w->kernel_h * w->kernel_w};
    for (int32_t c = 0; c < p->input_c; c++) {
        zeros[c] = (int8_t)p->input_zero_point;
    }
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->input_c * p->multiplier) {
            tg_locate(p, image_row, top, x * w->stride_w - w->pad_left, taps);
            compute_pixel(p, &l, out);
        }
    }
}
