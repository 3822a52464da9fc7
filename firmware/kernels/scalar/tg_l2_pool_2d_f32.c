/* Portable: one output element after the other. */
#include "tg_l2_pool_2d_f32.h"

/* The sum of the squares of a channel over the taps. */
static float sum_squares(const tg_l2_pool_2d_f32_params *p, const float *input, int32_t image_row, tg_taps v, tg_taps h,
                         int32_t channel) {
    float sum = 0.0f;
    for (int32_t ky = v.first; ky < v.end; ky++) {
        const float *row =
            (const float *)(const void *)tg_row((const int8_t *)input, p->input, image_row + v.origin + ky);
        for (int32_t kx = h.first; kx < h.end; kx++) {
            const float tap = row[(h.origin + kx) * p->channels + channel];
            const float square = tap * tap;
            sum += square;
        }
    }
    return sum;
}

/* The correctly rounded root of x >= 0, by way of the root of an integer that holds x's mantissa. */
static float square_root(float x) {
    union {
        float real;
        uint32_t bits;
    } number = {x}, power;
    if (!(x > 0.0f) || number.bits == 0x7f800000u) {
        return x;
    }
    int32_t exponent = (int32_t)(number.bits >> 23) - 150;
    uint64_t mantissa = number.bits & 0x7fffffu;
    if (exponent > -150) {
        mantissa |= 0x800000u;
    } else {
        exponent++;
    }
    for (; mantissa < 0x800000u; exponent--) {
        mantissa <<= 1;
    }
    mantissa <<= 28 + (exponent & 1);
    exponent -= 28 + (exponent & 1);
    uint64_t root = 0; /* of 26 or 27 bits, so two more than a float takes */
    for (uint64_t bit = (uint64_t)1 << 26; bit > 0; bit >>= 1) {
        root += (root + bit) * (root + bit) <= mantissa ? bit : 0;
    }
    const uint32_t inexact = root * root != mantissa;
    power.bits = (uint32_t)(exponent / 2 + 127) << 23;
    return (float)((uint32_t)root | inexact) * power.real;
}

void tg_l2_pool_2d_f32(const tg_l2_pool_2d_f32_params *p, const float *input, float *output, int32_t first,
                       int32_t count) {
    const tg_window *w = &p->window;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t image_row = r / w->output_h * w->input_h;
        const tg_taps v = tg_taps_inside(r % w->output_h, w->stride_h, w->pad_top, w->kernel_h, w->input_h);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < w->output_w; x++) {
            const tg_taps h = tg_taps_inside(x, w->stride_w, w->pad_left, w->kernel_w, w->input_w);
            for (int32_t c = 0; c < p->channels; c++) {
                const float taps = (float)((v.end - v.first) * (h.end - h.first));
                const float mean = sum_squares(p, input, image_row, v, h, c) / taps;
                *out++ = tg_clamped(square_root(mean), p->output_min, p->output_max);
            }
        }
    }
}
