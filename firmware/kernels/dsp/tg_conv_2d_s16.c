/* Gathers the patch under one output pixel, then multiplies it with two filters at a time. */
#include "tg_conv_2d_s16.h"

#include "tg_dsp_wide.h"
#include "tg_patch_s16.h"

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
            for (int32_t f = 0; f < p->output_c;) {
                const int8_t *weights = p->weights + f * depth;
                if (f % filters == 0) {
                    tg_gather_s16(p, input, image_row, top, x * w->stride_w - w->pad_left, f / filters * channels,
                                  patch);
                }
                if ((f + 1) % filters == 0) { /* the last one of its group, alone */
                    *out++ = tg_stored_s16(p, tg_wide_add(tg_wide_dot(patch, weights, depth), p->bias[f]), f);
                    f++;
                    continue;
                }
                int64_t sums[2] = {p->bias[f], p->bias[f + 1]};
                tg_wide_dot_two(patch, weights, weights + depth, depth, sums);
                *out++ = tg_stored_s16(p, sums[0], f);
                *out++ = tg_stored_s16(p, sums[1], f + 1);
                f += 2;
            }
        }
    }
}
