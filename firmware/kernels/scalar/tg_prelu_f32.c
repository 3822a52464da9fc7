/* Portable: one element after the other, in single precision. */
#include "tg_prelu_f32.h"

void tg_prelu_f32(const tg_prelu_f32_params *p, const float *input1, const float *input2, float *output, int32_t first,
                  int32_t count) {
    TG_PAIRS(float, float, float, x >= 0.0f ? x : x * y)
}
