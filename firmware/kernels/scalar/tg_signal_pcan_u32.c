/* Portable: one channel after the other. */
#include "tg_signal_pcan_u32.h"

static int16_t gain_of(uint32_t x, const int16_t *gains) {
    if (x <= 2) {
        return gains[x];
    }
    int32_t bits = 0; /* 2 .. 32 */
    for (uint32_t rest = x; rest > 0; rest >>= 1) {
        bits++;
    }
    const int16_t *piece = gains + 4 * bits - 6;
    const int32_t f = (int32_t)((bits < 11 ? x << (11 - bits) : x >> (bits - 11)) & 0x3ff);
    /* |slope| < 2**20 + 2**20; its product with f wraps, as in the reference */
    const int32_t slope = ((piece[2] * f) >> 5) + piece[1] * 32;
    const int32_t rounded = (int32_t)((uint32_t)slope * (uint32_t)f + (1u << 14));
    return (int16_t)((rounded >> 15) + piece[0]);
}

/* Q.12 to Q.6 */
static uint32_t shrink(uint32_t x) {
    return x < (1u << 13) ? (x * x) >> 20 : (x >> 6) - 64;
}

void tg_signal_pcan_u32(const tg_signal_pcan_u32_params *p, const uint32_t *input, const uint32_t *noise,
                        const int16_t *gains, uint32_t *output) {
    for (int32_t i = 0; i < p->elements; i++) {
        const uint32_t gain = (uint32_t)gain_of(noise[i], gains); /* a negative one wraps */
        output[i] = shrink((uint32_t)(((uint64_t)input[i] * gain) >> p->shift));
    }
}
