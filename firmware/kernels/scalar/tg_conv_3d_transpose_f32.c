/* Portable: one input pixel after the other, which adds to the outputs. */
#include "tg_conv_3d_transpose_f32.h"

/* Adds one pixel to the image; its first tap is at `first`. */
static void spread(const tg_conv_3d_transpose_f32_params *p, const float *pixel, const float *weights,
                   const int32_t first[3], float *image) {
    for (int32_t tap = 0; tap < p->kernel[0] * p->kernel[1] * p->kernel[2]; tap++) {
        const int32_t at[3] = {tap / p->kernel[2] / p->kernel[1], tap / p->kernel[2] % p->kernel[1],
                               tap % p->kernel[2]};
        int32_t place = 0, inside = 1;
        for (int axis = 0; axis < 3; axis++) {
            const int32_t x = first[axis] + at[axis] * p->dilations[axis];
            inside &= x >= 0 && x < p->sizes[axis];
            place = place * p->sizes[axis] + x;
        }
        for (int32_t i = 0; inside && i < p->input_c * p->output_c; i++) {
            const int32_t c = i / p->output_c, f = i % p->output_c;
            const float product = pixel[c] * weights[(tap * p->output_c + f) * p->input_c + c];
            image[place * p->output_c + f] += product;
        }
    }
}

void tg_conv_3d_transpose_f32(const tg_conv_3d_transpose_f32_params *p, const float *input, const float *weights,
                              const float *bias, float *output) {
    const int32_t volume = p->sizes[0] * p->sizes[1] * p->sizes[2] * p->output_c;
    const int32_t pixels = p->input_sizes[0] * p->input_sizes[1] * p->input_sizes[2];
    for (int32_t i = 0; i < p->batches * volume; i++) {
        output[i] = 0.0f;
    }
    for (int32_t i = 0; i < p->batches * pixels; i++) {
        const int32_t at[3] = {i / p->input_sizes[2] / p->input_sizes[1] % p->input_sizes[0],
                               i / p->input_sizes[2] % p->input_sizes[1], i % p->input_sizes[2]};
        int32_t first[3];
        for (int axis = 0; axis < 3; axis++) {
            first[axis] = at[axis] * p->strides[axis] - p->pads[axis];
        }
        spread(p, input + i * p->input_c, weights, first, output + i / pixels * volume);
    }
    for (int32_t i = 0; i < p->batches * volume; i++) {
        output[i] = tg_clamped(output[i] + bias[i % p->output_c], p->output_min, p->output_max);
    }
}
