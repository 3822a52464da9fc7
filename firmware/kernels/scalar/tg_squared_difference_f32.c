/* Portable: one element after the other, in single precision. */
#include "tg_squared_difference_f32.h"

void tg_squared_difference_f32(const tg_squared_difference_f32_params *p, const float *input1, const float *input2,
                               float *output, int32_t first, int32_t count) {
    TG_PAIRS(float, float, float, (x - y) * (x - y))
}
