/* Sums of int16 times int8 in 64 bits: one vector times two others at once, which share the words of the first. */
#ifndef TG_DSP_WIDE_H
#define TG_DSP_WIDE_H

#include "tg_dsp.h"
#include "tg_wide.h"

/* Adds to a partial sum the products of four int16, two in each of low and high, with the int8 of a word. */
TG_ALWAYS_INLINE int32_t tg_wide_four(uint32_t low, uint32_t high, uint32_t word, int32_t partial) {
    const uint32_t even = tg_sxtb16(word), odd = tg_sxtb16_ror8(word);
    return tg_smlad(high, tg_pkhtb_asr16(odd, even), tg_smlad(low, tg_pkhbt_lsl16(even, odd), partial));
}

/* Adds to sums[0] and sums[1] the products of `count` elements of x with those of a and of b, which may be the same.
   A partial sum of 256 products, each at most 2**22, fits 32 bits. */
TG_NEVER_INLINE void tg_wide_dot_two(const int16_t *x, const int8_t *a, const int8_t *b, int32_t count,
                                     int64_t sums[2]) {
    int64_t first = 0, second = 0;
    while (count >= 4) {
        const int32_t part = (count < 256 ? count : 256) & ~3;
        int32_t p = 0, q = 0;
        for (const int8_t *end = a + part; a != end; x += 4, a += 4, b += 4) {
            const uint32_t low = tg_load_word(x), high = tg_load_word(x + 2);
            p = tg_wide_four(low, high, tg_load_word(a), p);
            q = tg_wide_four(low, high, tg_load_word(b), q);
        }
        first += p;
        second += q;
        count -= part;
    }
    for (; count > 0; count--, x++) {
        first += *x * *a++;
        second += *x * *b++;
    }
    sums[0] = tg_wide_add(sums[0], first);
    sums[1] = tg_wide_add(sums[1], second);
}

#endif
