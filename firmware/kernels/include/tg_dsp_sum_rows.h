/* tg_add_rows of tg_sum_rows_s8.h with four sums at a time in two registers. */
#ifndef TG_DSP_SUM_ROWS_H
#define TG_DSP_SUM_ROWS_H

#include "tg_dsp_taps.h"
#include "tg_sum_rows_s8.h"

/* Adds to four sums what the taps have for them, from channel `channel` on. There are at most 256: |sum| <= 2**15, and
   2**15 itself is none. */
static inline void tg_add_four(const tg_tap_walk *taps, int32_t channel, int32_t *sum) {
    uint32_t even = 0, odd = 0;
    TG_EACH_TAP(taps, channel) {
        const uint32_t word = tg_load_word(in);
        even = tg_sxtab16(even, word);
        odd = tg_sxtab16_ror8(odd, word);
    }
    sum[0] += tg_bottom(even);
    sum[1] += tg_bottom(odd);
    sum[2] += tg_top(even);
    sum[3] += tg_top(odd);
}

/* Does what tg_add_rows does. */
static inline int tg_add_rows_by_four(const tg_sum_rows *p, const int8_t *input, int32_t first, int32_t count,
                                      int32_t *sum) {
    const int32_t sums = p->sums, groups = p->groups, end = first + count;
    const int32_t fours = groups <= 256 ? sums & ~3 : 0, most = groups <= 256 ? 256 / groups : 1;
    for (int32_t i = 0; first == 0 && i < sums; i++) {
        sum[i] = 0;
    }
    for (int32_t r = first; r < end; r += most) {
        const int32_t top = (int32_t)(tg_row(input, p->input, r) - input), stride = p->input.stride;
        const tg_tap_walk taps = {input,  top, top, stride, stride * p->input.height, end - r < most ? end - r : most,
                                  groups, sums};
        for (int32_t i = 0; i < fours; i += 4) {
            tg_add_four(&taps, i, sum + i);
        }
        for (int32_t i = fours; i < sums; i++) {
            TG_EACH_TAP(&taps, i) {
                sum[i] += *in;
            }
        }
    }
    return end == p->rows;
}

#endif
