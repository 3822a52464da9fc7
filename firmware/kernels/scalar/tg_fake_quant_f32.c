/* Portable: one element after the other, in single precision. */
#include "tg_fake_quant_f32.h"

#include "tg_math.h"

/* x is not negative; halves go up. */
static float rounded(float x) {
    const float whole = tg_floor(x), rest = x - whole; /* exact */
    return rest >= 0.5f ? whole + 1.0f : whole;
}

static float nearest(const tg_fake_quant_f32_params *p, float x) {
    const float above = tg_clamp_float(x, p->least, p->most) - p->least;
    const float steps = rounded(above * p->inverse_scale) * p->scale;
    return steps + p->least;
}

void tg_fake_quant_f32(const tg_fake_quant_f32_params *p, const float *input, float *output, int32_t first,
                       int32_t count) {
    TG_MAP(float, float, nearest(p, x))
}
