/* What the variants of CONV_2D of int16 share: the patch under an output pixel, and what becomes of a sum. */
#ifndef TG_PATCH_S16_H
#define TG_PATCH_S16_H

#include "tg_conv_2d_s16.h"

/* The patch of one group, zeros outside the image: [kernel_h][kernel_w][channels]. */
static inline void tg_gather_s16(const tg_conv_2d_s16_params *p, const int16_t *input, int32_t image_row, int32_t top,
                                 int32_t left, int32_t channel, int16_t *patch) {
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

static inline int16_t tg_stored_s16(const tg_conv_2d_s16_params *p, int64_t acc, int32_t f) {
    const tg_requant requant = p->requant[f * p->requant_step];
    const int32_t stored = tg_wide_or_narrow_multiply(acc, requant, p->narrow);
    return (int16_t)tg_clamp(stored, p->output_min, p->output_max);
}

#endif
