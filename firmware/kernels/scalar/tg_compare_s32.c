/* Portable: one element after the other. */
#include "tg_compare_s32.h"

void tg_compare_s32(const tg_compare_s32_params *p, const int32_t *input1, const int32_t *input2, bool *output,
                    int32_t first, int32_t count) {
    TG_PAIRS(int32_t, int32_t, bool, (p->relation & (x < y ? 1 : x == y ? 2 : 4)) != 0)
}
