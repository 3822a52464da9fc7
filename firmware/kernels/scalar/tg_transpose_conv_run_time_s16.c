/* Portable: leaves all to the kernel for constants. */
#include "tg_transpose_conv_run_time_s16.h"

#include "tg_transpose_conv_s16.h"

void tg_transpose_conv_run_time_s16(const tg_transpose_conv_run_time_s16_params *params, const int16_t *input,
                                    const int8_t *weights, const int64_t *bias, int16_t *output, int32_t first,
                                    int32_t count) {
    tg_transpose_conv_s16_params p = *params;
    p.weights = weights;
    p.bias = bias;
    tg_transpose_conv_s16(&p, input, output, first, count);
}
