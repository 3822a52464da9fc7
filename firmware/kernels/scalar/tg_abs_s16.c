/* Portable: one element after the other. */
#include "tg_abs_s16.h"

static int32_t magnitude(int32_t x, tg_requant requant, int32_t max) {
    return tg_clamp(tg_multiply(x < 0 ? -x : x, requant), 0, max);
}

void tg_abs_s16(const tg_abs_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count) {
    TG_MAP(int16_t, int16_t, magnitude(x, p->requant, p->output_max))
}
