/* Portable: one element after the other, in single precision, in TFLite's order. */
#include "tg_resize_bilinear_f32.h"

void tg_resize_bilinear_f32(const tg_resize_bilinear_f32_params *p, const float *input, float *output, int32_t first,
                            int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int32_t y = r % p->image.output_h;
        const float *const upper = (const float *)(const void *)tg_resize_row(input, &p->image, r, p->rows[y * 2]);
        const float *const lower = (const float *)(const void *)tg_resize_row(input, &p->image, r, p->rows[y * 2 + 1]);
        const float fy = p->row_weights[y], gy = 1.0f - fy;
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->image.output, r);
        for (int32_t x = 0; x < p->image.output_w; x++) {
            const int32_t left = p->columns[x * 2] * p->channels, right = p->columns[x * 2 + 1] * p->channels;
            const float fx = p->column_weights[x], gx = 1.0f - fx;
            for (int32_t c = 0; c < p->channels; c++) {
                *out++ = upper[left + c] * gy * gx + lower[left + c] * fy * gx + upper[right + c] * gy * fx +
                         lower[right + c] * fy * fx;
            }
        }
    }
}
