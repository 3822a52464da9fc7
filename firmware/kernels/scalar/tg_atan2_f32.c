/* Portable: one element after the other, in single precision. */
#include "tg_atan2_f32.h"

#include "tg_math.h"

void tg_atan2_f32(const tg_atan2_f32_params *p, const float *input1, const float *input2, float *output, int32_t first,
                  int32_t count) {
    TG_PAIRS(float, float, float, tg_angle(x, y))
}
