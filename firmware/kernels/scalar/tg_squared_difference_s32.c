/* Portable: one element after the other. */
#include "tg_squared_difference_s32.h"

void tg_squared_difference_s32(const tg_squared_difference_s32_params *p, const int32_t *input1, const int32_t *input2,
                               int32_t *output, int32_t first, int32_t count) {
    TG_PAIRS(int32_t, int32_t, int32_t, ((uint32_t)x - (uint32_t)y) * ((uint32_t)x - (uint32_t)y))
}
