/* Portable: one element after the other, in single precision. */
#include "tg_dequantize_u8_f32.h"

void tg_dequantize_u8_f32(const tg_dequantize_u8_f32_params *p, const uint8_t *input, float *output, int32_t first,
                          int32_t count) {
    TG_MAP(uint8_t, float, p->scale *(float)(x - p->zero_point))
}
