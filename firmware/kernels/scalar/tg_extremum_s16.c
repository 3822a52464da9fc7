/* Portable: one element after the other. */
#include "tg_extremum_s16.h"

void tg_extremum_s16(const tg_extremum_s16_params *p, const int16_t *input1, const int16_t *input2, int16_t *output,
                     int32_t first, int32_t count) {
    TG_PAIRS(int16_t, int16_t, int16_t, (p->is_maximum ? x > y : x < y) ? x : y)
}
