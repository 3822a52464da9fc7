/* Gathers the patch under one output pixel, then multiplies it with block after block.
   TG_PATCH_SUMS is 1 where a patch ends with a word of its own sums, as tg_conv_2d_blocks_u8.h says, else 0. */
#ifndef TG_CONV_2D_BLOCKS_H
#define TG_CONV_2D_BLOCKS_H

#include "tg_conv_2d_blocks_s8.h"

/* The patch under output pixel (y, x) of the image that begins at image_row: rows of row_bytes, zero points outside. */
static void gather(const tg_conv_2d_blocks_s8_params *p, const int8_t *input, int32_t image_row, int32_t y, int32_t x,
                   int32_t row_bytes, int8_t *patch) {
    const tg_window *w = &p->window;
    const int32_t begin = (x * w->stride_w - w->pad_left) * p->input_c, end = w->input_w * p->input_c;
    for (int32_t ky = 0; ky < w->kernel_h; ky++) {
        const int32_t in_y = y * w->stride_h - w->pad_top + ky * w->dilation_h;
        const int inside_y = in_y >= 0 && in_y < w->input_h;
        const int8_t *row = inside_y ? tg_row(input, p->input, image_row + in_y) : input;
        for (int32_t at = begin; at < begin + row_bytes; at++) {
            *patch++ = inside_y && at >= 0 && at < end ? row[at] : (int8_t)p->input_zero_point;
        }
    }
}

/* All filters' outputs for one patch. */
static void multiply(const tg_filter_blocks *k, const int8_t *patch, int8_t *output) {
    const int32_t bytes = k->depth - 4 * TG_PATCH_SUMS;
#if TG_PATCH_SUMS
    int32_t total = 0;
    for (int32_t i = 0; i < bytes; i++) {
        total += patch[i];
    }
#endif
    for (int32_t f = 0; f < k->filters; f += 4) {
        const int8_t *weights = k->weights + f * k->depth;
        const int32_t count = k->filters - f < 4 ? k->filters - f : 4;
        uint32_t sums[4];
        for (int32_t i = 0; i < 4; i++) {
            sums[i] = (uint32_t)k->sums[f + i];
        }
        tg_block_add(patch, weights, bytes, sums);
#if TG_PATCH_SUMS
        const uint32_t even = (uint32_t)(total * weights[4 * bytes]), uneven = 257 * even; /* of all filters */
        sums[0] += even, sums[1] += uneven, sums[2] += even, sums[3] += uneven;
#endif
        tg_block_store(tg_block_requant(k, f / 4), k->requant_step, k->rounding, count, sums, output + f);
    }
}

static void compute_blocks(const tg_conv_2d_blocks_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                           int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    const int32_t row_bytes = (p->filters.depth - 4 * TG_PATCH_SUMS) / w->kernel_h;
    int8_t *patch = (int8_t *)scratch;
    for (int32_t r = first; r < first + count; r++) {
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++, out += p->filters.filters) {
            gather(p, input, r / w->output_h * w->input_h, r % w->output_h, x, row_bytes, patch);
            multiply(&p->filters, patch, out);
        }
    }
}

#endif
