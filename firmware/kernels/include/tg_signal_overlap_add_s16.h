/* SignalOverlapAdd: output[f * step + i] = the sum of all frames that have a sample there, where frames begin `step`
   samples after each other, also from one inference to the next; sums are clamped. */
#ifndef TG_SIGNAL_OVERLAP_ADD_S16_H
#define TG_SIGNAL_OVERLAP_ADD_S16_H

#include "tg_common.h"

#define tg_signal_overlap_add_s16 TG_NAME(tg_signal_overlap_add_s16)

typedef struct {
    int32_t streams;
    int32_t frames;  /* of a stream */
    int32_t samples; /* of a frame */
    int32_t step;    /* at most samples */
} tg_signal_overlap_add_s16_params;

/* input: [streams][frames][samples]; output: [streams][frames][step]; history: [streams][samples - step], brought up to
   date. */
void tg_signal_overlap_add_s16(const tg_signal_overlap_add_s16_params *params, const int16_t *input, int16_t *output,
                               int16_t *history);

#endif
