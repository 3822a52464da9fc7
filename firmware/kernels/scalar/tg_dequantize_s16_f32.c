/* Portable: one element after the other, in single precision. */
#include "tg_dequantize_s16_f32.h"

void tg_dequantize_s16_f32(const tg_dequantize_s16_f32_params *p, const int16_t *input, float *output, int32_t first,
                           int32_t count) {
    TG_MAP(int16_t, float, p->scale *(float)(x - p->zero_point))
}
