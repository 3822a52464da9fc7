/* Portable: one element after the other. */
#include "tg_logical_not_b.h"

void tg_logical_not_b(const tg_logical_not_b_params *p, const bool *input, bool *output, int32_t first, int32_t count) {
    TG_MAP(bool, bool, !x)
}
