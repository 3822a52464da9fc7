/* Portable: one element after the other, in single precision. */
#include "tg_neg_f32.h"

void tg_neg_f32(const tg_neg_f32_params *p, const float *input, float *output, int32_t first, int32_t count) {
    TG_MAP(float, float, -x)
}
