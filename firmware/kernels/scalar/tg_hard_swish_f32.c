/* Portable: one element after the other, in single precision. */
#include "tg_hard_swish_f32.h"

#include "tg_math.h"

void tg_hard_swish_f32(const tg_hard_swish_f32_params *p, const float *input, float *output, int32_t first,
                       int32_t count) {
    TG_MAP(float, float, x *tg_clamp_float(x + 3.0f, 0.0f, 6.0f) / 6.0f)
}
