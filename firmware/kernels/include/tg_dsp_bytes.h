/* Words of four equal int8, and clamps of whole rows. */
#ifndef TG_DSP_BYTES_H
#define TG_DSP_BYTES_H

#include "tg_dsp.h"

/* The same byte four times. */
TG_ALWAYS_INLINE uint32_t tg_four_bytes(int32_t x) {
    return (uint32_t)(uint8_t)x * 0x01010101u;
}

/* Clamps `count` bytes to low .. high, where that is not all of int8. */
static inline void tg_clamp_bytes(int8_t *bytes, int32_t count, int32_t low, int32_t high) {
    if (low == -128 && high == 127) {
        return;
    }
    const uint32_t lows = tg_four_bytes(low), highs = tg_four_bytes(high);
    for (; count >= 4; count -= 4, bytes += 4) {
        tg_store_word(bytes, tg_min_bytes(tg_max_bytes(tg_load_word(bytes), lows), highs));
    }
    for (; count > 0; count--, bytes++) {
        *bytes = (int8_t)tg_clamp(*bytes, low, high);
    }
}

#endif
