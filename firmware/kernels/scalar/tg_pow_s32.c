/* Portable: one element after the other. */
#include "tg_pow_s32.h"

static int32_t power(int32_t x, int32_t y) {
    if (y < 0) {
        return x == 1 ? 1 : x == -1 ? ((y & 1) ? -1 : 1) : 0;
    }
    uint32_t result = 1, square = (uint32_t)x;
    for (; y > 0; y >>= 1) {
        result *= (y & 1) ? square : 1u;
        square *= square;
    }
    return (int32_t)result;
}

void tg_pow_s32(const tg_pow_s32_params *p, const int32_t *input1, const int32_t *input2, int32_t *output,
                int32_t first, int32_t count) {
    TG_PAIRS(int32_t, int32_t, int32_t, power(x, y))
}
