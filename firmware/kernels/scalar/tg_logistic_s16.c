/* Portable: one element after the other. */
#include "tg_logistic_s16.h"

/* |x| * multiplier <= 2**15 * (2**15 - 1), and what is added is at most 2**30: no overflow. */
static int32_t scaled(int32_t x, int32_t multiplier, int32_t shift) {
    return shift > 0 ? (x * multiplier + (1 << (shift - 1))) >> shift : x * multiplier;
}

static int32_t interpolated(const uint16_t *table, int32_t x) {
    const uint32_t size = x < 0 ? 0u - (uint32_t)x : (uint32_t)x, entry = size >> 9;
    int32_t result = 0x7fff << 10; /* Q0.25 */
    if (entry < 255) {
        const int32_t low = table[entry], high = table[entry + 1];
        result = low * 512 + (int32_t)(size & 0x1ffu) * (high - low);
    }
    return (x >= 0 ? result + 512 : (1 << 25) - result + 511) >> 10;
}

void tg_logistic_s16(const tg_logistic_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                     int32_t count) {
    TG_MAP(int16_t, int16_t, interpolated(p->table, scaled(x, p->multiplier, p->shift)))
}
