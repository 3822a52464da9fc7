/* Copies of bytes by words, where both places are as far from a multiple of 4: the smallest cores load no others. */
#ifndef TG_SWAR_COPY_H
#define TG_SWAR_COPY_H

#include "tg_common.h"

/* Words of 4 bytes at multiples of 4. */
static inline void tg_copy_words(const uint8_t *in, uint8_t *out, int32_t words) {
#if defined(__GNUC__)
    for (; words > 0; words--, in += 4, out += 4) {
        __builtin_memcpy(__builtin_assume_aligned(out, 4), __builtin_assume_aligned(in, 4), 4);
    }
#else
    for (int32_t i = 0; i < 4 * words; i++) {
        out[i] = in[i];
    }
#endif
}

/* Copies `bytes` bytes; the two are the same or do not overlap. */
static inline void tg_copy_bytes(const void *from, void *to, int32_t bytes) {
    const uint8_t *in = (const uint8_t *)from;
    uint8_t *out = (uint8_t *)to;
    if ((((uintptr_t)in ^ (uintptr_t)out) & 3u) == 0) {
        for (; bytes > 0 && ((uintptr_t)in & 3u) != 0; bytes--) {
            *out++ = *in++;
        }
        const int32_t whole = bytes & ~3;
        tg_copy_words(in, out, whole / 4);
        in += whole;
        out += whole;
        bytes -= whole;
    }
    for (; bytes > 0; bytes--) {
        *out++ = *in++;
    }
}

#endif
