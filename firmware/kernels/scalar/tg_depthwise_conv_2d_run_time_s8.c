/* Portable: folds the bias, then leaves all to the kernel for constants. */
#include "tg_depthwise_conv_2d_run_time_s8.h"

#include "tg_depthwise_conv_2d_s8.h"
#include "tg_fold.h"

void tg_depthwise_conv_2d_run_time_s8(const tg_depthwise_conv_2d_run_time_s8_params *params, const int8_t *input,
                                      const int8_t *weights, const int32_t *bias, int8_t *output, int32_t first,
                                      int32_t count, void *scratch) {
    tg_depthwise_conv_2d_s8_params p = *params;
    const int32_t filters = p.input_c * p.multiplier, taps = p.window.kernel_h * p.window.kernel_w;
    int32_t *folded = (int32_t *)scratch;
    for (int32_t f = 0; f < filters; f++) {
        folded[f] = tg_folded(bias[f], weights + f, taps, filters, 0, p.input_zero_point);
    }
    p.bias = folded;
    p.weights = weights;
    tg_depthwise_conv_2d_s8(&p, input, output, first, count, folded + filters);
}
