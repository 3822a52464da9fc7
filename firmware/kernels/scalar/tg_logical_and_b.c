/* Portable: one element after the other. */
#include "tg_logical_and_b.h"

void tg_logical_and_b(const tg_logical_and_b_params *p, const bool *input1, const bool *input2, bool *output,
                      int32_t first, int32_t count) {
    TG_PAIRS(bool, bool, bool, x &&y)
}
