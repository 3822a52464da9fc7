/* Portable: one element after the other, in single precision. */
#include "tg_sin_f32.h"

#include "tg_math.h"

void tg_sin_f32(const tg_sin_f32_params *p, const float *input, float *output, int32_t first, int32_t count) {
    TG_MAP(float, float, tg_sin_turned(x, 0))
}
