/* Portable: one element after the other, in single precision. */
#include "tg_gelu_f32.h"

#include "tg_math.h"

static float gelu(float x, int32_t approximate) {
    if (approximate != 0) {
        return 0.5f * x * (1.0f + tg_tanh(0.797884561f * (x + 0.044715f * x * x * x)));
    }
    return 0.5f * x * tg_erfc(x * -0.707106781f);
}

void tg_gelu_f32(const tg_gelu_f32_params *p, const float *input, float *output, int32_t first, int32_t count) {
    TG_MAP(float, float, gelu(x, p->approximate))
}
