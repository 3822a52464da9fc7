/* Products of one vector of int8 with four others at once, which share the words of the first. */
#ifndef TG_DSP_DOT_H
#define TG_DSP_DOT_H

#include "tg_dsp_bytes.h"

/* Adds to each of four sums the products of `count` elements of x, each plus `offset`, with those of a row; wraps.
   |x + offset| <= 255. */
TG_NEVER_INLINE void tg_dot_four(const int8_t *x, int32_t offset, const int8_t *const rows[4], int32_t count,
                                 uint32_t sums[4]) {
    const int8_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    const uint32_t offsets = tg_pkhbt_lsl16((uint32_t)offset, (uint32_t)offset);
    int32_t s0 = (int32_t)sums[0], s1 = (int32_t)sums[1], s2 = (int32_t)sums[2], s3 = (int32_t)sums[3];
    int32_t i = 0;
    for (; i <= count - 4; i += 4) {
        const uint32_t word = tg_load_word(x + i);
        const uint32_t even = tg_sxtab16(offsets, word), odd = tg_sxtab16_ror8(offsets, word);
        uint32_t w = tg_load_word(a + i);
        s0 = tg_smlad(tg_sxtb16_ror8(w), odd, tg_smlad(tg_sxtb16(w), even, s0));
        w = tg_load_word(b + i);
        s1 = tg_smlad(tg_sxtb16_ror8(w), odd, tg_smlad(tg_sxtb16(w), even, s1));
        w = tg_load_word(c + i);
        s2 = tg_smlad(tg_sxtb16_ror8(w), odd, tg_smlad(tg_sxtb16(w), even, s2));
        w = tg_load_word(d + i);
        s3 = tg_smlad(tg_sxtb16_ror8(w), odd, tg_smlad(tg_sxtb16(w), even, s3));
    }
    sums[0] = (uint32_t)s0, sums[1] = (uint32_t)s1, sums[2] = (uint32_t)s2, sums[3] = (uint32_t)s3;
    for (; i < count; i++) {
        const int32_t element = x[i] + offset;
        sums[0] += (uint32_t)(element * a[i]);
        sums[1] += (uint32_t)(element * b[i]);
        sums[2] += (uint32_t)(element * c[i]);
        sums[3] += (uint32_t)(element * d[i]);
    }
}

#endif
