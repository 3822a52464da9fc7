/* Portable: folds and spreads the filters, then leaves them to the kernel for constants. */
#include "tg_conv_2d_run_time_s8.h"

#include "tg_conv_2d_s8.h"
#include "tg_fold.h"

/* Zeros behind each filter, for variants that read whole words. */
static void spread(const int8_t *weights, int32_t filters, int32_t depth, int32_t stride, int8_t *to) {
    for (int32_t f = 0; f < filters; f++) {
        for (int32_t i = 0; i < stride; i++) {
            *to++ = (int8_t)(i < depth ? weights[f * depth + i] : 0);
        }
    }
}

void tg_conv_2d_run_time_s8(const tg_conv_2d_run_time_s8_params *params, const int8_t *input, const int8_t *weights,
                            const int32_t *bias, int8_t *output, int32_t first, int32_t count, void *scratch) {
    tg_conv_2d_s8_params p = *params;
    const int32_t depth = p.window.kernel_h * p.window.kernel_w * (p.input_c / p.groups);
    int32_t *folded = (int32_t *)scratch;
    int8_t *rest = (int8_t *)(folded + p.output_c);
    for (int32_t f = 0; f < p.output_c; f++) {
        folded[f] = tg_folded(bias[f], weights + f * depth, depth, 1, 0, p.input_zero_point);
    }
    p.bias = folded;
    p.weights = weights;
    if (p.filter_stride > depth) {
        spread(weights, p.output_c, depth, p.filter_stride, rest);
        p.weights = rest;
        rest += p.output_c * p.filter_stride;
    }
    tg_conv_2d_s8(&p, input, output, first, count, rest);
}
