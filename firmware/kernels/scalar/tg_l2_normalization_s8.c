/* Portable: one reciprocal root per row. */
#include "tg_l2_normalization_s8.h"

/* 1 / sqrt(x), x >= 0: five Newton steps from 1 in Q3.28. */
static tg_requant reciprocal_root(int32_t x) {
    tg_requant result = {INT32_MAX, 0};
    if (x <= 1) {
        return result;
    }
    int32_t right = 11;
    while (x >= 1 << 29) {
        x /= 4;
        right++;
    }
    const int32_t pairs = (tg_leading_zeros((uint32_t)x) - 1) / 2 - 1;
    right -= pairs;
    x <<= 2 * pairs; /* 2**27 .. 2**29 */
    const int32_t half = tg_rounding_shift(x >> 1, 1);
    int32_t root = 1 << 28;
    for (int i = 0; i < 5; i++) {
        const int32_t cube = tg_saturate((int64_t)tg_high_mul(tg_high_mul(root, root), root) * 64);
        root = tg_saturate((int64_t)(tg_high_mul(3 << 27, root) - tg_high_mul(half, cube)) * 8);
    }
    root = tg_high_mul(root, 1518500250); /* sqrt(1/2) */
    result.multiplier = right < 0 ? root << -right : root;
    result.shift = right < 0 ? 0 : -right;
    return result;
}

void tg_l2_normalization_s8(const tg_l2_normalization_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t r = 0; r < p->rows; r++, input += p->depth, output += p->depth) {
        int32_t sum = 0; /* <= 255 * 255 * depth < 2**31 */
        for (int32_t i = 0; i < p->depth; i++) {
            const int32_t x = input[i] - p->zero_point;
            sum += x * x;
        }
        tg_requant requant = reciprocal_root(sum);
        requant.shift += 7;
        for (int32_t i = 0; i < p->depth; i++) {
            output[i] = (int8_t)tg_clamp(tg_multiply(input[i] - p->zero_point, requant), -128, 127);
        }
    }
}
