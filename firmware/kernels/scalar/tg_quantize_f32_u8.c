/* Portable: one element after the other, in single precision. */
#include "tg_quantize_f32_u8.h"

#include "tg_math.h"

void tg_quantize_f32_u8(const tg_quantize_f32_u8_params *p, const float *input, uint8_t *output, int32_t first,
                        int32_t count) {
    TG_MAP(float, uint8_t, tg_clamp(tg_round_bounded(x / p->scale) + p->zero_point, 0, 255))
}
