/* A walk over the words that are added up or compared: some columns of some rows of a ring. */
#ifndef TG_DSP_TAPS_H
#define TG_DSP_TAPS_H

#include "tg_dsp_bytes.h"

typedef struct {
    const int8_t *input;
    int32_t top;      /* bytes from the input to the first row */
    int32_t first;    /* to the first tap, channel 0 */
    int32_t stride;   /* bytes from one row to the next */
    int32_t size;     /* bytes of the ring of rows */
    int32_t rows;     /* of taps */
    int32_t columns;  /* of taps */
    int32_t channels; /* bytes from one column to the next */
} tg_tap_walk;

/* For every tap: what follows is done with `in`, the first of its bytes that count. */
#define TG_EACH_TAP(taps, channel)                                                                                     \
    for (int32_t row_ = 0, at_ = (taps)->first + (channel); row_ < (taps)->rows;                                       \
         row_++, at_ += (taps)->stride, at_ -= at_ >= (taps)->size ? (taps)->size : 0)                                 \
        for (const int8_t *in = (taps)->input + at_, *end_ = in + (taps)->columns * (taps)->channels; in != end_;      \
             in += (taps)->channels)

#endif
