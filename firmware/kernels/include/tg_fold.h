/* What the compiler does to int8 weights that it knows, done when they are only known at run time. */
#ifndef TG_FOLD_H
#define TG_FOLD_H

#include "tg_common.h"

/* One filter's bias - input_zero_point * sum(weights - weights_zero_point), which wraps as the accumulator does; `step`
   elements from one weight to the next. |sum| <= depth * 255 */
static inline int32_t tg_folded(int32_t bias, const int8_t *weights, int32_t depth, int32_t step,
                                int32_t weights_zero_point, int32_t input_zero_point) {
    int32_t sum = 0;
    for (int32_t i = 0; i < depth; i++) {
        sum += weights[i * step] - weights_zero_point;
    }
    return (int32_t)((uint32_t)bias - (uint32_t)input_zero_point * (uint32_t)sum);
}

#endif
