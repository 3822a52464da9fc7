/* Where the taps of a depthwise window lie: found once per pixel, for all its channels. */
#ifndef TG_DSP_LOCATED_H
#define TG_DSP_LOCATED_H

#include "tg_dsp.h"

/* A tap is where its channels begin: an address where that has 32 bits, else counted from `input`, TG_OUTSIDE for
 * zeros.
 */
enum { TG_OUTSIDE = -1 };

/* What the taps of a pixel refer to. */
typedef struct {
    const int8_t *input;
    const int8_t *zeros; /* zero points, as many as channels */
    int32_t *taps;
    int32_t *end; /* of the taps; where there is one more than the window has, it lies outside */
} tg_located;

static inline int32_t tg_tap_at(const tg_located *l, int32_t offset) {
#if TG_HAS_DSP
    return (int32_t)(uintptr_t)(offset == TG_OUTSIDE ? l->zeros : l->input + offset);
#else
    (void)l;
    return offset;
#endif
}

/* Compilers that do not optimize want registers of their own. */
#if TG_HAS_DSP && defined(__OPTIMIZE__)
#define TG_HAS_REGISTERS 1
#else
#define TG_HAS_REGISTERS 0
#endif

#if !TG_HAS_REGISTERS
static inline uint32_t tg_tap_word(const tg_located *l, int32_t tap, int32_t channel) {
#if TG_HAS_DSP
    (void)l;
    return tg_load_word((const int8_t *)(uintptr_t)(uint32_t)tap + channel);
#else
    return tg_load_word((tap == TG_OUTSIDE ? l->zeros : l->input + tap) + channel);
#endif
}
#endif

/* Locates the taps under an output pixel, whose first is at row top, column left. */
TG_NEVER_INLINE void tg_locate(const tg_window *w, tg_ring ring, int32_t channels, const tg_located *l,
                               int32_t image_row, int32_t top, int32_t left) {
    int32_t *tap = l->taps;
    for (int32_t rows = w->kernel_h; rows > 0; rows--, top += w->dilation_h) {
        const uint32_t width = top >= 0 && top < w->input_h ? (uint32_t)w->input_w : 0;
        const int32_t row = width ? (image_row + top) % ring.height * ring.stride : 0;
        int32_t x = left;
        for (int32_t columns = w->kernel_w; columns > 0; columns--) {
            *tap++ = tg_tap_at(l, (uint32_t)x < width ? row + x * channels : TG_OUTSIDE);
            x += w->dilation_w;
        }
    }
    if (tap < l->end) {
        *tap = tg_tap_at(l, TG_OUTSIDE);
    }
}

#endif
