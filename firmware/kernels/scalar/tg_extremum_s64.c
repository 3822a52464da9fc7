/* Portable: one element after the other. */
#include "tg_extremum_s64.h"

void tg_extremum_s64(const tg_extremum_s64_params *p, const int64_t *input1, const int64_t *input2, int64_t *output,
                     int32_t first, int32_t count) {
    TG_PAIRS(int64_t, int64_t, int64_t, (p->is_maximum ? x > y : x < y) ? x : y)
}
