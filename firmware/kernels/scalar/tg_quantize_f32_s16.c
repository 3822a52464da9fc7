/* Portable: one element after the other, in single precision. */
#include "tg_quantize_f32_s16.h"

#include "tg_math.h"

void tg_quantize_f32_s16(const tg_quantize_f32_s16_params *p, const float *input, int16_t *output, int32_t first,
                         int32_t count) {
    TG_MAP(float, int16_t, tg_clamp(tg_round_bounded(x / p->scale) + p->zero_point, -32768, 32767))
}
