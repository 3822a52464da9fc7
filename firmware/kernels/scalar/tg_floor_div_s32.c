/* Portable: one element after the other. */
#include "tg_floor_div_s32.h"

static int32_t quotient(int32_t x, int32_t y) {
    if (y == 0 || y == -1) {
        return y == 0 ? 0 : (int32_t)(0u - (uint32_t)x);
    }
    return x / y - (x % y != 0 && (x < 0) != (y < 0));
}

void tg_floor_div_s32(const tg_floor_div_s32_params *p, const int32_t *input1, const int32_t *input2, int32_t *output,
                      int32_t first, int32_t count) {
    TG_PAIRS(int32_t, int32_t, int32_t, quotient(x, y))
}
