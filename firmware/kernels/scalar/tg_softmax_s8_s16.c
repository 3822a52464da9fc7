/* Portable: exponentials from a table, one fixed-point reciprocal per row. */
#include "tg_softmax_s8_s16.h"

static void softmax_row(const tg_softmax_rows *p, const int8_t *input, int16_t *output) {
    const int32_t largest = tg_softmax_largest(input, p->depth);
    const uint32_t sum = (uint32_t)tg_softmax_sum(p, input, largest);
    const int32_t zeros = tg_leading_zeros(sum);
    const int32_t reciprocal = tg_one_over_one_plus((int32_t)((sum << zeros) - 0x80000000u));
    const int32_t exponent = 12 - zeros + 31 - 16; /* 14 .. 26 */
    for (int32_t i = 0; i < p->depth; i++) {
        const int32_t below = largest - input[i];
        int32_t stored = -32768;
        if (below < p->entries) {
            stored += tg_rounding_shift(tg_high_mul(reciprocal, p->exponentials[below]), exponent);
        }
        output[i] = (int16_t)tg_clamp(stored, -32768, 32767);
    }
}

void tg_softmax_s8_s16(const tg_softmax_s8_s16_params *p, const int8_t *input, int16_t *output) {
    for (int32_t r = 0; r < p->rows; r++) {
        softmax_row(p, input + r * p->depth, output + r * p->depth);
    }
}
