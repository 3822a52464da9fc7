/* Portable: one element after the other, in single precision. */
#include "tg_sign_f32.h"

void tg_sign_f32(const tg_sign_f32_params *p, const float *input, float *output, int32_t first, int32_t count) {
    TG_MAP(float, float, x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x)
}
