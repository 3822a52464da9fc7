/* Portable: one output element after the other. */
#include "tg_conv_3d_f32.h"

/* The sum of filter f over the taps inside the volume, whose first tap is at `first`. */
static float sum_taps(const tg_conv_3d *p, const float *input, const float *weights, const int32_t first[3],
                      int32_t f) {
    float sum = 0.0f;
    for (int32_t tap = 0; tap < tg_pixels_3d(p->kernel); tap++) {
        const int32_t pixel = tg_under_tap_3d(p, tap, first, p->input_sizes);
        for (int32_t c = 0; pixel >= 0 && c < p->input_c; c++) {
            const float product = input[pixel * p->input_c + c] * weights[(tap * p->input_c + c) * p->output_c + f];
            sum += product;
        }
    }
    return sum;
}

void tg_conv_3d_f32(const tg_conv_3d_f32_params *p, const float *input, const float *weights, const float *bias,
                    float *output) {
    const int32_t volume = tg_pixels_3d(p->input_sizes) * p->input_c, windows = tg_pixels_3d(p->sizes);
    for (int32_t i = 0; i < p->batches * windows; i++) {
        int32_t first[3];
        tg_first_tap_3d(p, i, p->sizes, first);
        for (int32_t f = 0; f < p->output_c; f++) {
            const float sum = sum_taps(p, input + i / windows * volume, weights, first, f);
            *output++ = tg_clamped(sum + bias[f], p->output_min, p->output_max);
        }
    }
}
