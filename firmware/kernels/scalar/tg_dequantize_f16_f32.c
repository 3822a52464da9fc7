/* Portable: one element after the other. */
#include "tg_dequantize_f16_f32.h"

#include "tg_math.h"

/* 1 bit sign, 5 bits exponent, 10 bits mantissa. */
static float from_half(uint32_t bits) {
    const uint32_t sign = (bits & 0x8000u) << 16, rest = bits & 0x7fffu;
    if (rest >= 0x7c00u) { /* infinity, or not a number */
        return tg_float_of(sign | 0x7f800000u | ((rest & 0x3ffu) << 13));
    }
    const float size = tg_float_of(rest << 13) * 5.192296858534828e33f; /* 2**112 moves the exponent's origin */
    return tg_float_of(sign | tg_bits_of(size));
}

void tg_dequantize_f16_f32(const tg_dequantize_f16_f32_params *p, const uint16_t *input, float *output, int32_t first,
                           int32_t count) {
    TG_MAP(uint16_t, float, from_half(x))
}
