/* Portable: puts the weights of each filter side by side, then leaves all to the kernel for constants. */
#include "tg_conv_2d_run_time_s16.h"

#include "tg_conv_2d_s16.h"

static void turn(const int8_t *weights, int32_t filters, int32_t taps, int8_t *to) {
    for (int32_t f = 0; f < filters; f++) {
        for (int32_t i = 0; i < taps; i++) {
            *to++ = weights[i * filters + f];
        }
    }
}

void tg_conv_2d_run_time_s16(const tg_conv_2d_run_time_s16_params *params, const int16_t *input, const int8_t *weights,
                             const int64_t *bias, int16_t *output, int32_t first, int32_t count, void *scratch) {
    tg_conv_2d_s16_params p = params->conv;
    p.weights = weights;
    p.bias = bias;
    if (params->is_depthwise) {
        const int32_t taps = p.window.kernel_h * p.window.kernel_w;
        int8_t *turned = (int8_t *)((int16_t *)scratch + taps);
        turn(weights, p.output_c, taps, turned);
        p.weights = turned;
    }
    tg_conv_2d_s16(&p, input, output, first, count, scratch);
}
