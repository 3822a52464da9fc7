/* Portable: one element after the other. */
#include "tg_curve_s16.h"

/* The slope wraps as an int16 does. */
static int32_t interpolated(const int16_t *table, int32_t x) {
    const int16_t *entry = table + 256 + (x >> 7);
    const int32_t slope = (int16_t)(entry[1] - entry[0]);
    return entry[0] + ((slope * (x & 127) + 64) >> 7);
}

void tg_curve_s16(const tg_curve_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count) {
    TG_MAP(int16_t, int16_t, interpolated(p->table, x))
}
