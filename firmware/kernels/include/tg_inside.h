/* Which taps of a window that may be dilated lie inside an image. */
#ifndef TG_INSIDE_H
#define TG_INSIDE_H

#include "tg_common.h"

/* The taps [first, end) of a window's side; tap i lies at origin + i * dilation. */
typedef struct {
    int32_t origin; /* may be negative */
    int32_t first;
    int32_t end;
} tg_inside;

/* size: of the image. Where all taps lie outside, end <= first. */
static inline tg_inside tg_inside_of(int32_t origin, int32_t kernel, int32_t dilation, int32_t size) {
    tg_inside taps = {origin, 0, kernel};
    if (origin < 0) {
        taps.first = (dilation - 1 - origin) / dilation;
    }
    if (origin + (kernel - 1) * dilation >= size) {
        taps.end = size > origin ? (size - 1 - origin) / dilation + 1 : 0;
    }
    return taps;
}

#endif
