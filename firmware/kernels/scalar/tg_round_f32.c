/* Portable: one element after the other, in single precision. */
#include "tg_round_f32.h"

#include "tg_math.h"

void tg_round_f32(const tg_round_f32_params *p, const float *input, float *output, int32_t first, int32_t count) {
    TG_MAP(float, float, tg_round_even(x))
}
