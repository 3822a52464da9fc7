/* Portable: types are told apart for each element. */
#include "tg_cast_f32.h"

/* Bits without the sign's: 7, 8, 15, 16, 31, 32 or 63. */
static int32_t value_bits(int32_t type) {
    return type == TG_S64 ? 63 : (8 << (type / 2)) - (type % 2 == 0 ? 1 : 0);
}

/* Towards 0, within the integer type's range. */
static int64_t saturated(float x, int32_t type) {
    const int32_t bits = value_bits(type);
    const int is_signed = type == TG_S8 || type == TG_S16 || type == TG_S32 || type == TG_S64;
    const uint64_t end = (uint64_t)1 << bits; /* exact as a float, and one above the largest */
    if (x != x) {
        return 0;
    }
    if (x >= (float)end) {
        return (int64_t)(end - 1);
    }
    if (x <= (is_signed ? -(float)end : 0.0f)) {
        return is_signed ? -(int64_t)(end - 1) - 1 : 0;
    }
    return (int64_t)x;
}

void tg_cast_f32(const tg_cast_f32_params *p, const void *input, void *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row((const int8_t *)input, p->input, r);
        int8_t *out = tg_output_row((int8_t *)output, p->output, r);
        for (int32_t i = 0; i < p->row_elements; i++) {
            if (p->input_type != TG_F32) {
                ((float *)(void *)out)[i] = (float)tg_integer(in, p->input_type, i);
                continue;
            }
            const float x = ((const float *)(const void *)in)[i];
            if (p->output_type == TG_F32) {
                ((float *)(void *)out)[i] = x;
            } else {
                const int64_t whole = p->output_type == TG_B ? x != 0.0f : saturated(x, p->output_type);
                tg_store_integer(out, p->output_type, i, whole);
            }
        }
    }
}
