/* Portable: one element after the other, in single precision. */
#include "tg_sqrt_f32.h"

#include "tg_math.h"

void tg_sqrt_f32(const tg_sqrt_f32_params *p, const float *input, float *output, int32_t first, int32_t count) {
    TG_MAP(float, float, tg_sqrt(x))
}
