/* Portable: one input pixel after the other, which adds to the outputs. */
#include "tg_conv_3d_transpose_f32.h"

/* Adds one pixel to the image; its first tap is at `first`. */
static void spread(const tg_conv_3d *p, const float *input, const float *weights, const int32_t first[3],
                   float *image) {
    for (int32_t tap = 0; tap < tg_pixels_3d(p->kernel); tap++) {
        const int32_t pixel = tg_under_tap_3d(p, tap, first, p->sizes);
        for (int32_t i = 0; pixel >= 0 && i < p->input_c * p->output_c; i++) {
            const int32_t c = i / p->output_c, f = i % p->output_c;
            const float product = input[c] * weights[(tap * p->output_c + f) * p->input_c + c];
            image[pixel * p->output_c + f] += product;
        }
    }
}

void tg_conv_3d_transpose_f32(const tg_conv_3d_transpose_f32_params *p, const float *input, const float *weights,
                              const float *bias, float *output) {
    const int32_t volume = tg_pixels_3d(p->sizes) * p->output_c, windows = tg_pixels_3d(p->input_sizes);
    for (int32_t i = 0; i < p->batches * volume; i++) {
        output[i] = 0.0f;
    }
    for (int32_t i = 0; i < p->batches * windows; i++) {
        int32_t first[3];
        tg_first_tap_3d(p, i, p->input_sizes, first);
        spread(p, input + i * p->input_c, weights, first, output + i / windows * volume);
    }
    for (int32_t i = 0; i < p->batches * volume; i++) {
        output[i] = tg_clamped(output[i] + bias[i % p->output_c], p->output_min, p->output_max);
    }
}
