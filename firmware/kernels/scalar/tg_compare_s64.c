/* Portable: one element after the other. */
#include "tg_compare_s64.h"

void tg_compare_s64(const tg_compare_s64_params *p, const int64_t *input1, const int64_t *input2, bool *output,
                    int32_t first, int32_t count) {
    TG_PAIRS(int64_t, int64_t, bool, (p->relation & (x < y ? 1 : x == y ? 2 : 4)) != 0)
}
