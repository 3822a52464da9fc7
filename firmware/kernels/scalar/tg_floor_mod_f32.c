/* Portable: one element after the other, in single precision. */
#include "tg_floor_mod_f32.h"

#include "tg_math.h"

static float remainder_of(float x, float y) {
    const float rest = tg_remainder(x, y);
    return rest != 0.0f && (rest < 0.0f) != (y < 0.0f) ? rest + y : rest;
}

void tg_floor_mod_f32(const tg_floor_mod_f32_params *p, const float *input1, const float *input2, float *output,
                      int32_t first, int32_t count) {
    TG_PAIRS(float, float, float, remainder_of(x, y))
}
