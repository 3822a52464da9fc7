/* Portable: gathers the patch under one output pixel, then multiplies it with one filter after the other. */
#include "tg_conv_2d_s16.h"

/* The patch of one group, zeros outside the image: [kernel_h][kernel_w][channels]. */
static void gather(const tg_conv_2d_s16_params *p, const int16_t *input, int32_t image_row, int32_t top, int32_t left,
                   int32_t channel, int16_t *patch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t y = top + ky * w->dilation_h;
        const int inside_y = y >= 0 && y < w->input_h;
        const int8_t *place = tg_row((const int8_t *)input, p->input, inside_y ? image_row + y : 0);
        const int16_t *row = (const int16_t *)(const void *)place;
        for (int32_t kx = 0; kx < w->kernel_w; kx++) {
            const int32_t x = left + kx * w->dilation_w;
            const int inside = inside_y && x >= 0 && x < w->input_w;
            for (int32_t c = 0; c < channels; c++) {
                *patch++ = inside ? row[x * p->input_c + channel + c] : 0;
            }
        }
    }
}

static int16_t store(const tg_conv_2d_s16_params *p, int64_t acc, int32_t f) {
    const tg_requant requant = p->requant[f * p->requant_step];
    const int32_t stored = tg_wide_or_narrow_multiply(acc, requant, p->narrow);
    return (int16_t)tg_clamp(stored, p->output_min, p->output_max);
}

void tg_conv_2d_s16(const tg_conv_2d_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count,
                    void *scratch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c / p->groups, filters = p->output_c / p->groups;
    const int32_t depth = w->kernel_h * w->kernel_w * channels;
    int16_t *patch = (int16_t *)scratch;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const int32_t top = r % w->output_h * w->stride_h - w->pad_top;
        int16_t *out = (int16_t *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            for (int32_t f = 0; f < p->output_c; f++) {
                if (f % filters == 0) {
                    gather(p, input, image_row, top, x * w->stride_w - w->pad_left, f / filters * channels, patch);
                }
                *out++ = store(p, tg_wide_add(tg_wide_dot(patch, p->weights + f * depth, depth), p->bias[f]), f);
            }
        }
    }
}
