/* Portable: one output after the other. */
#include "tg_depthwise_conv_2d_3x3_s8.h"

/* The value at column x of a channel of a row, or the zero point outside the image. */
static int32_t value_at(const tg_depthwise_conv_2d_3x3_s8_params *p, const int8_t *row, int32_t x) {
    return row && x >= 0 && x < p->window.input_w ? row[x * p->input_c] : p->input_zero_point;
}

static int8_t compute(const tg_depthwise_conv_2d_3x3_s8_params *p, const int8_t *const rows[3], int32_t left,
                      const int32_t *channel) {
    int32_t sum = channel[TG_BIAS_3X3];
    for (int32_t i = 0; i < 3; i++) {
        const int32_t weights = channel[TG_WEIGHTS_3X3 + i];
        sum += value_at(p, rows[0], left + i) * (weights >> 16);
        sum += value_at(p, rows[1], left + i) * (int16_t)(uint16_t)weights;
        sum += value_at(p, rows[2], left + i) * tg_weight_2_3x3(channel, i);
    }
    return tg_doubled_store(sum, tg_doubled_3x3(channel, p->rounding));
}

void tg_depthwise_conv_2d_3x3_s8(const tg_depthwise_conv_2d_3x3_s8_params *p, const int8_t *input, int8_t *output,
                                 int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    (void)scratch;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h, top = r % w->output_h * w->stride_h - w->pad_top;
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t c = 0; c < p->input_c; c++) {
            const int8_t *rows[3];
            for (int32_t i = 0; i < 3; i++) {
                const int inside = top + i >= 0 && top + i < w->input_h;
                rows[i] = inside ? tg_row(input, p->input, image_row + top + i) + c : 0;
            }
            for (int32_t x = 0; x < w->output_w; x++) {
                const int32_t left = x * w->stride_w - w->pad_left;
                out[x * p->input_c + c] = compute(p, rows, left, p->channels + c * TG_CHANNEL_3X3);
            }
        }
    }
}
