/* Copies of bytes by words, which may begin anywhere. */
#ifndef TG_DSP_COPY_H
#define TG_DSP_COPY_H

#include "tg_dsp_bytes.h"

TG_NEVER_INLINE void tg_copy_words(const uint8_t *in, uint8_t *out, int32_t bytes) {
    for (; bytes >= 16; bytes -= 16, in += 16, out += 16) {
        const uint32_t a = tg_load_word(in), b = tg_load_word(in + 4);
        const uint32_t c = tg_load_word(in + 8), d = tg_load_word(in + 12);
        tg_store_word(out, a);
        tg_store_word(out + 4, b);
        tg_store_word(out + 8, c);
        tg_store_word(out + 12, d);
    }
    for (const uint8_t *const end = in + (bytes & ~3); in != end; in += 4, out += 4) {
        tg_store_word(out, tg_load_word(in));
    }
    for (const uint8_t *const end = in + (bytes & 3); in != end;) {
        *out++ = *in++;
    }
}

/* Copies `bytes` bytes; the two are the same or do not overlap. */
static inline void tg_copy_bytes(const void *from, void *to, int32_t bytes) {
    const uint8_t *in = (const uint8_t *)from;
    uint8_t *out = (uint8_t *)to;
    if (bytes > 4) {
        tg_copy_words(in, out, bytes);
        return;
    }
    for (; bytes > 0; bytes--) {
        *out++ = *in++;
    }
}

/* The same byte again and again. */
static inline void tg_fill_bytes(int8_t *out, int32_t byte, int32_t bytes) {
    const uint32_t word = tg_four_bytes(byte);
    for (; bytes >= 4; bytes -= 4, out += 4) {
        tg_store_word(out, word);
    }
    for (; bytes > 0; bytes--) {
        *out++ = (int8_t)byte;
    }
}

#endif
