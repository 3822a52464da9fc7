/* Portable: one element after the other. */
#include "tg_resize_bilinear_s16.h"

/* Weights are -512 .. 9216, and outside of 0 .. 1024 only where both pixels are one: |mix of two| <= 2**25. */
static int32_t mix(int32_t a, int32_t b, int32_t weight) {
    return a * (1024 - weight) + b * weight;
}

static int64_t rounded(int64_t mean) {
#if TG_ROUNDING_SINGLE
    return (mean + (1 << 19)) >> 20;
#else
    return (mean + (mean > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20);
#endif
}

void tg_resize_bilinear_s16(const tg_resize_bilinear_s16_params *p, const int16_t *input, int16_t *output,
                            int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int16_t *const y = p->rows + r % p->image.output_h * 3;
        const int16_t *const upper = (const int16_t *)(const void *)tg_resize_row(input, &p->image, r, y[0]);
        const int16_t *const lower = (const int16_t *)(const void *)tg_resize_row(input, &p->image, r, y[1]);
        int16_t *out = (int16_t *)(void *)tg_output_row((int8_t *)output, p->image.output, r);
        for (const int16_t *x = p->columns; x < p->columns + p->image.output_w * 3; x += 3) {
            const int32_t left = x[0] * p->channels, right = x[1] * p->channels;
            for (int32_t c = 0; c < p->channels; c++) {
                const int32_t top = mix(upper[left + c], upper[right + c], x[2]);
                const int32_t bottom = mix(lower[left + c], lower[right + c], x[2]);
                *out++ = (int16_t)rounded((int64_t)top * (1024 - y[2]) + (int64_t)bottom * y[2]);
            }
        }
    }
}
