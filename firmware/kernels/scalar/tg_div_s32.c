/* Portable: one element after the other. */
#include "tg_div_s32.h"

static int32_t quotient(int32_t x, int32_t y) {
    return y == 0 ? 0 : y == -1 ? (int32_t)(0u - (uint32_t)x) : x / y;
}

void tg_div_s32(const tg_div_s32_params *p, const int32_t *input1, const int32_t *input2, int32_t *output,
                int32_t first, int32_t count) {
    TG_PAIRS(int32_t, int32_t, int32_t, tg_clamp(quotient(x, y), p->output_min, p->output_max))
}
