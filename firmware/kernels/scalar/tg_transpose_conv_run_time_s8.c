/* Portable: leaves all to the kernel for constants. */
#include "tg_transpose_conv_run_time_s8.h"

#include "tg_transpose_conv_s8.h"

void tg_transpose_conv_run_time_s8(const tg_transpose_conv_run_time_s8_params *params, const int8_t *input,
                                   const int8_t *weights, const int32_t *bias, int8_t *output, int32_t first,
                                   int32_t count) {
    tg_transpose_conv_s8_params p = *params;
    p.weights = weights;
    p.bias = bias;
    tg_transpose_conv_s8(&p, input, output, first, count);
}
