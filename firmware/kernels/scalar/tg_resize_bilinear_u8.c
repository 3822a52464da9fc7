/* Portable: one element after the other, in single precision, in TFLite's order. */
#include "tg_resize_bilinear_u8.h"

static float real(int8_t stored) {
    return (float)(stored + 128);
}

void tg_resize_bilinear_u8(const tg_resize_bilinear_u8_params *p, const int8_t *input, int8_t *output, int32_t first,
                           int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int32_t y = r % p->image.output_h;
        const int8_t *const upper = tg_resize_row(input, &p->image, r, p->rows[y * 2]);
        const int8_t *const lower = tg_resize_row(input, &p->image, r, p->rows[y * 2 + 1]);
        const float fy = p->row_weights[y], gy = 1.0f - fy;
        int8_t *out = tg_output_row(output, p->image.output, r);
        for (int32_t x = 0; x < p->image.output_w; x++) {
            const int32_t left = p->columns[x * 2] * p->channels, right = p->columns[x * 2 + 1] * p->channels;
            const float fx = p->column_weights[x], gx = 1.0f - fx;
            for (int32_t c = 0; c < p->channels; c++) {
                const float mean = real(upper[left + c]) * gy * gx + real(lower[left + c]) * fy * gx +
                                   real(upper[right + c]) * gy * fx + real(lower[right + c]) * fy * fx;
                *out++ = (int8_t)((int32_t)(mean + 0.5f) - 128);
            }
        }
    }
}
