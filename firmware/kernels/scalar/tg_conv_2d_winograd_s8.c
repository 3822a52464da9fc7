/* Portable: tile after tile, filter after filter. */
#include "tg_conv_2d_winograd_s8.h"
#include "tg_filter_blocks.h"

/* V of one channel of the tile whose first input is (y, x) of the image that begins at image_row. */
static void transform(const tg_conv_2d_winograd_s8_params *p, const int8_t *input, int32_t image_row, int32_t y,
                      int32_t x, int32_t channel, int16_t *to) {
    const tg_window *w = &p->window;
    int32_t d[4][4];
    for (int32_t i = 0; i < 4; i++) {
        int32_t t[4];
        for (int32_t j = 0; j < 4; j++) {
            const int inside = y + i >= 0 && y + i < w->input_h && x + j >= 0 && x + j < w->input_w;
            t[j] = p->input_zero_point;
            if (inside) {
                t[j] = tg_row(input, p->input, image_row + y + i)[(x + j) * p->input_c + channel];
            }
        }
        d[i][0] = t[0] - t[2], d[i][1] = t[1] + t[2], d[i][2] = t[2] - t[1], d[i][3] = t[1] - t[3];
    }
    for (int32_t j = 0; j < 4; j++) {
        to[j] = (int16_t)(d[0][j] - d[2][j]);
        to[4 + j] = (int16_t)(d[1][j] + d[2][j]);
        to[8 + j] = (int16_t)(d[2][j] - d[1][j]);
        to[12 + j] = (int16_t)(d[1][j] - d[3][j]);
    }
}

/* 4 times the sums of a filter for a tile, [2][2]. */
static void multiply(const tg_conv_2d_winograd_s8_params *p, const int16_t *tile, int32_t filter, uint32_t sums[4]) {
    const int32_t channels = p->input_c;
    uint32_t m[16];
    for (int32_t i = 0; i < 16; i++) {
        m[i] = 0;
        for (int32_t c = 0; c < channels; c++) {
            const int32_t place =
                ((filter / 4 * 16 + i) * (channels / 4) + c / 4) * 16 + c % 2 * 8 + filter % 4 * 2 + c % 4 / 2;
            m[i] += (uint32_t)(p->weights[place] * tile[16 * c + i]);
        }
    }
    for (int32_t i = 0; i < 4; i++) { /* A M, into the first two rows */
        const uint32_t a = m[i] + m[4 + i] + m[8 + i], b = m[4 + i] - m[8 + i] - m[12 + i];
        m[i] = a;
        m[4 + i] = b;
    }
    for (int32_t i = 0; i < 2; i++) {
        sums[2 * i] = m[4 * i] + m[4 * i + 1] + m[4 * i + 2];
        sums[2 * i + 1] = m[4 * i + 1] - m[4 * i + 2] - m[4 * i + 3];
    }
}

void tg_conv_2d_winograd_s8(const tg_conv_2d_winograd_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                            int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    int16_t *tile = (int16_t *)scratch;
    for (int32_t r = first, rows; r < first + count; r += rows) {
        const int32_t image = r / w->output_h, y = r % w->output_h;
        rows = r + 1 < first + count && y + 1 < w->output_h ? 2 : 1;
        for (int32_t x = 0; x < w->output_w; x += 2) {
            for (int32_t c = 0; c < p->input_c; c++) {
                transform(p, input, image * w->input_h, y - w->pad_top, x - w->pad_left, c, tile + 16 * c);
            }
            for (int32_t f = 0; f < p->filters; f++) {
                uint32_t sums[4];
                multiply(p, tile, f, sums);
                for (int32_t i = 0; i < 4; i++) {
                    const uint32_t sum[4] = {(uint32_t)(((int32_t)sums[i] >> 2) + p->bias[f])};
                    if (i / 2 < rows && x + i % 2 < w->output_w) {
                        int8_t *to = tg_output_row(output, p->output, r + i / 2) + (x + i % 2) * p->filters + f;
                        tg_block_store(p->requant + f * p->requant_step, 0, p->rounding, 1, sum, to);
                    }
                }
            }
        }
    }
}
