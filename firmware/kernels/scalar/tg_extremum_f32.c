/* Portable: one element after the other. */
#include "tg_extremum_f32.h"

void tg_extremum_f32(const tg_extremum_f32_params *p, const float *input1, const float *input2, float *output,
                     int32_t first, int32_t count) {
    TG_PAIRS(float, float, float, (p->is_maximum ? x > y : x < y) ? x : y)
}
