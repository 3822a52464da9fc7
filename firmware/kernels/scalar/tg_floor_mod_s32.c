/* Portable: one element after the other. */
#include "tg_floor_mod_s32.h"

static int32_t remainder_of(int32_t x, int32_t y) {
    if (y == 0 || y == -1) {
        return 0;
    }
    const int32_t rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

void tg_floor_mod_s32(const tg_floor_mod_s32_params *p, const int32_t *input1, const int32_t *input2, int32_t *output,
                      int32_t first, int32_t count) {
    TG_PAIRS(int32_t, int32_t, int32_t, remainder_of(x, y))
}
