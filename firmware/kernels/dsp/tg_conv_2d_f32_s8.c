/* Four filters at a time share the words of a row of taps; groups are computed one filter after the other. */
#include "tg_conv_2d_f32_s8.h"
#include "tg_dsp_dot.h"
#include "tg_dsp_hybrid.h"
#include "tg_inside.h"

/* Where the taps under an output pixel lie that are inside the image. */
typedef struct {
    tg_inside v;
    tg_inside h;
} patch;

/* |sum| <= depth * 255 * 2**7 < 2**31 */
static void sum_four(const tg_conv_2d_f32_s8_params *p, const int8_t *image, const int8_t *const filters[4], patch at,
                     int32_t zero_point, uint32_t sums[4]) {
    const tg_window *w = &p->window;
    const int32_t columns = at.h.end - at.h.first, length = w->dilation_w == 1 ? columns * p->input_c : p->input_c;
    const int32_t runs = w->dilation_w == 1 ? columns > 0 : columns;
    for (int32_t ky = at.v.first; ky < at.v.end; ky++) {
        for (int32_t run = 0; run < runs; run++) {
            const int32_t kx = at.h.first + run, tap = (ky * w->kernel_w + kx) * p->input_c;
            const int8_t *rows[4] = {filters[0] + tap, filters[1] + tap, filters[2] + tap, filters[3] + tap};
            const int32_t y = at.v.origin + ky * w->dilation_h, x = at.h.origin + kx * w->dilation_w;
            tg_dot_four(image + (y * w->input_w + x) * p->input_c, -zero_point, rows, length, sums);
        }
    }
}

/* One filter's sum over its group's channels, which begin at `channel`. */
static int32_t sum_one(const tg_conv_2d_f32_s8_params *p, const int8_t *image, const int8_t *weights, patch at,
                       int32_t channel, int32_t zero_point) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    int32_t sum = 0;
    for (int32_t ky = at.v.first; ky < at.v.end; ky++) {
        const int32_t y = at.v.origin + ky * w->dilation_h;
        for (int32_t kx = at.h.first; kx < at.h.end; kx++) {
            const int32_t x = at.h.origin + kx * w->dilation_w;
            const int8_t *pixel = image + (y * w->input_w + x) * p->input_c + channel;
            const int8_t *tap = weights + (ky * w->kernel_w + kx) * channels;
            for (int32_t c = 0; c < channels; c++) {
                sum += (pixel[c] - zero_point) * tap[c];
            }
        }
    }
    return sum;
}

static float stored(const tg_conv_2d_f32_s8_params *p, int32_t sum, float scale, int32_t f) {
    const float real = (float)sum * (scale * p->scale[f * p->scale_step]);
    return tg_clamped(real + p->bias[f], p->output_min, p->output_max);
}

/* All filters at a pixel. */
static void compute(const tg_conv_2d_f32_s8_params *p, const int8_t *image, patch at, tg_hybrid_scale scale,
                    float *out) {
    const int32_t channels = p->input_c / p->groups, per_group = p->output_c / p->groups;
    const int32_t depth = p->window.kernel_h * p->window.kernel_w * channels;
    for (int32_t f = 0; f < p->output_c && p->groups > 1; f++) {
        const int8_t *weights = p->weights + f * depth;
        out[f] = stored(p, sum_one(p, image, weights, at, f / per_group * channels, scale.zero_point), scale.scale, f);
    }
    for (int32_t f = 0; f < p->output_c && p->groups == 1; f += 4) {
        const int32_t count = p->output_c - f < 4 ? p->output_c - f : 4;
        const int8_t *filters[4];
        uint32_t sums[4] = {0, 0, 0, 0};
        for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
            filters[i] = p->weights + (f + (i < count ? i : count - 1)) * depth;
        }
        sum_four(p, image, filters, at, scale.zero_point, sums);
        for (int32_t i = 0; i < count; i++) {
            out[f + i] = stored(p, (int32_t)sums[i], scale.scale, f + i);
        }
    }
}

void tg_conv_2d_f32_s8(const tg_conv_2d_f32_s8_params *p, const float *input, float *output, void *scratch) {
    const tg_window *w = &p->window;
    const int32_t elements = w->input_h * w->input_w * p->input_c;
    int8_t *image = (int8_t *)scratch;
    for (int32_t i = 0; i < p->images; i++) {
        const tg_hybrid_scale scale = tg_hybrid_quantize_fast(input + i * elements, elements, p->symmetric, image);
        for (int32_t y = 0; y < w->output_h; y++) {
            patch at = {tg_inside_of(y * w->stride_h - w->pad_top, w->kernel_h, w->dilation_h, w->input_h), {0, 0, 0}};
            for (int32_t x = 0; x < w->output_w; x++, output += p->output_c) {
                at.h = tg_inside_of(x * w->stride_w - w->pad_left, w->kernel_w, w->dilation_w, w->input_w);
                compute(p, image, at, scale, output);
            }
        }
    }
}
