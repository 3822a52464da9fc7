/* Portable: one element after the other. */
#include "tg_tanh_s16.h"

/* |x| * multiplier <= 2**15 * (2**15 - 1), and what is added is at most 2**30: no overflow. */
static int32_t scaled(int32_t x, int32_t multiplier, int32_t shift) {
    return shift > 0 ? (x * multiplier + (1 << (shift - 1))) >> shift : x * multiplier;
}

static int32_t interpolated(const uint16_t *table, int32_t x) {
    const uint32_t size = x < 0 ? 0u - (uint32_t)x : (uint32_t)x, entry = size >> 8;
    int32_t result = 0xffff << 8; /* Q0.24 */
    if (entry < 255) {
        const int32_t low = table[entry], high = table[entry + 1];
        result = low * 256 + (int32_t)(size & 0xffu) * (high - low);
    }
    return (x >= 0 ? result - (1 << 23) + 128 : -result + (1 << 23) + 127) >> 8;
}

void tg_tanh_s16(const tg_tanh_s16_params *p, const int16_t *input, int16_t *output, int32_t first, int32_t count) {
    TG_MAP(int16_t, int16_t, interpolated(p->table, scaled(x, p->multiplier, p->shift)))
}
