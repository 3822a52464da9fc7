/* Portable: leaves all to the kernel for constants. */
#include "tg_fully_connected_run_time_s16.h"

#include "tg_fully_connected_s16.h"

void tg_fully_connected_run_time_s16(const tg_fully_connected_run_time_s16_params *params, const int16_t *input,
                                     const int8_t *weights, const int64_t *bias, int16_t *output) {
    tg_fully_connected_s16_params p = *params;
    p.weights = weights;
    p.bias = bias;
    tg_fully_connected_s16(&p, input, output);
}
