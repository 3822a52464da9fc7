/* Portable: one element after the other, in fixed point. */
#include "tg_rsqrt_s16.h"

#include "tg_fixed.h"

/* 1 / sqrt(x) times 2**20, for 2 <= x < 2**15: five Newton steps in Q3.28, from 1. */
static int32_t inverse_root_high(int32_t x) {
    const int32_t pairs = (tg_leading_zeros((uint32_t)x) - 1) / 2 - 1;
    const int32_t operand = (x << (2 * pairs)) >> 1; /* 2**26 .. 2**28 */
    const int32_t half = (operand + 1) >> 1;
    int32_t root = 1 << 28;
    for (int i = 0; i < 5; i++) {
        const int32_t cube = tg_saturate((int64_t)tg_high_mul(tg_high_mul(root, root), root) * 64);
        root = tg_saturate(((int64_t)tg_high_mul(3 << 27, root) - tg_high_mul(half, cube)) * 8);
    }
    tg_requant requant;
    requant.multiplier = tg_high_mul(root, 1518500250); /* 1 / sqrt(2) */
    requant.shift = pairs - 11 + 20;
    return tg_multiply(1, requant);
}

static int32_t inverse_root(int32_t x, tg_requant requant) {
    if (x <= 0) {
        return 32767;
    }
    const int32_t one = 0x7fffffff;
    tg_requant shift_up;
    shift_up.multiplier = one;
    shift_up.shift = 20;
    const int32_t high = x == 1 ? tg_multiply(1, shift_up) : inverse_root_high(x);
    return tg_clamp(tg_multiply(high, requant), -32768, 32767);
}

void tg_rsqrt_s16(const tg_rsqrt_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count) {
    TG_MAP(int16_t, int16_t, inverse_root(x, p->requant))
}
