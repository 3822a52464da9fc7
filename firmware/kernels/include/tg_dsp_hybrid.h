/* tg_hybrid_quantize of tg_hybrid.h without branches. */
#ifndef TG_DSP_HYBRID_H
#define TG_DSP_HYBRID_H

#include "tg_dsp_round.h"
#include "tg_hybrid.h"

static inline tg_hybrid_scale tg_hybrid_quantize_fast(const float *values, int32_t count, int symmetric,
                                                      int8_t *stored) {
    const tg_hybrid_range range = tg_hybrid_range_of(values, count, symmetric);
    const float zero_point = (float)range.real.zero_point;
    for (int32_t i = 0; i < count; i++) {
        const float scaled = values[i] * range.inverse;
        const int32_t rounded = tg_round_s8(zero_point + scaled, 1);
        stored[i] = (int8_t)(rounded < range.least ? range.least : rounded);
    }
    return range.real;
}

#endif
