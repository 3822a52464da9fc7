/* Portable: folds the bias, then leaves all to the kernel for constants. */
#include "tg_fully_connected_run_time_s8.h"

#include "tg_fully_connected_s8.h"
#include "tg_fold.h"

void tg_fully_connected_run_time_s8(const tg_fully_connected_run_time_s8_params *params, const int8_t *input,
                                    const int8_t *weights, const int32_t *bias, int8_t *output, void *scratch) {
    tg_fully_connected_s8_params p = params->dense;
    int32_t *folded = (int32_t *)scratch;
    for (int32_t o = 0; o < p.outputs; o++) {
        folded[o] =
            tg_folded(bias[o], weights + o * p.depth, p.depth, 1, p.weights_zero_point, params->input_zero_point);
    }
    p.bias = folded;
    p.weights = weights;
    tg_fully_connected_s8(&p, input, output);
}
