/* Portable: one element after the other. */
#include "tg_sqrt_s16.h"

#include "tg_math.h"

static int32_t root(const tg_sqrt_s16_params *p, int32_t x) {
    const float stored = tg_sqrt((float)(x > 0 ? x : 0) * p->input_scale) / p->output_scale;
    return tg_clamp((int32_t)tg_clamp_float(stored, 0.0f, 65536.0f) + p->output_zero_point, -32768, 32767);
}

void tg_sqrt_s16(const tg_sqrt_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count) {
    TG_MAP(int16_t, int16_t, root(p, x - p->input_zero_point))
}
