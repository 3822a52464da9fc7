/* Portable: by way of 64 bits, told apart for each element. */
#include "tg_floor_pairs.h"

static int64_t floored(int64_t x, int64_t y, int32_t is_rest) {
    if (y == 0 || y == -1) {
        return y == 0 || is_rest ? 0 : (int64_t)(0u - (uint64_t)x);
    }
    const int64_t rest = x % y;
    const int is_below = rest != 0 && (rest < 0) != (y < 0);
    return is_rest ? rest + (is_below ? y : 0) : x / y - is_below;
}

void tg_floor_pairs(const tg_floor_pairs_params *p, const void *input1, const void *input2, void *output, int32_t first,
                    int32_t count) {
    TG_INTEGER_PAIRS(floored(x, y, p->is_rest))
}
