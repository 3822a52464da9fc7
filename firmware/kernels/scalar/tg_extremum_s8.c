/* Portable: one element after the other. */
#include "tg_extremum_s8.h"

void tg_extremum_s8(const tg_extremum_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output,
                    int32_t first, int32_t count) {
    TG_PAIRS(int8_t, int8_t, int8_t, (p->is_maximum ? x > y : x < y) ? x : y)
}
