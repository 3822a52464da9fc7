/* Portable: one element after the other. */
#include "tg_compare_b.h"

void tg_compare_b(const tg_compare_b_params *p, const bool *input1, const bool *input2, bool *output, int32_t first,
                  int32_t count) {
    TG_PAIRS(bool, bool, bool, (p->relation & (x < y ? 1 : x == y ? 2 : 4)) != 0)
}
