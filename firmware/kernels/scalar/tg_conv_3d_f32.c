/* Portable: one output element after the other. */
#include "tg_conv_3d_f32.h"

/* The sum of filter f over the taps inside the volume, whose first tap is at `first`. */
static float sum_taps(const tg_conv_3d_f32_params *p, const float *input, const float *weights, const int32_t first[3],
                      int32_t f) {
    float sum = 0.0f;
    for (int32_t tap = 0; tap < p->kernel[0] * p->kernel[1] * p->kernel[2]; tap++) {
        const int32_t at[3] = {tap / p->kernel[2] / p->kernel[1], tap / p->kernel[2] % p->kernel[1],
                               tap % p->kernel[2]};
        int32_t place = 0, inside = 1;
        for (int axis = 0; axis < 3; axis++) {
            const int32_t x = first[axis] + at[axis] * p->dilations[axis];
            inside &= x >= 0 && x < p->input_sizes[axis];
            place = place * p->input_sizes[axis] + x;
        }
        for (int32_t c = 0; inside && c < p->input_c; c++) {
            const float product = input[place * p->input_c + c] * weights[(tap * p->input_c + c) * p->output_c + f];
            sum += product;
        }
    }
    return sum;
}

void tg_conv_3d_f32(const tg_conv_3d_f32_params *p, const float *input, const float *weights, const float *bias,
                    float *output) {
    const int32_t volume = p->input_sizes[0] * p->input_sizes[1] * p->input_sizes[2] * p->input_c;
    for (int32_t i = 0; i < p->batches * p->sizes[0] * p->sizes[1] * p->sizes[2]; i++) {
        const int32_t at[3] = {i / p->sizes[2] / p->sizes[1] % p->sizes[0], i / p->sizes[2] % p->sizes[1],
                               i % p->sizes[2]};
        int32_t first[3];
        for (int axis = 0; axis < 3; axis++) {
            first[axis] = at[axis] * p->strides[axis] - p->pads[axis];
        }
        const float *const image = input + i / (p->sizes[0] * p->sizes[1] * p->sizes[2]) * volume;
        for (int32_t f = 0; f < p->output_c; f++) {
            const float sum = sum_taps(p, image, weights, first, f);
            *output++ = tg_clamped(sum + bias[f], p->output_min, p->output_max);
        }
    }
}
