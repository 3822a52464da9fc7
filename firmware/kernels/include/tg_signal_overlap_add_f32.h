/* SignalOverlapAdd: output[f * step + i] = the sum of all frames that have a sample there, where frames begin `step`
   samples after each other, also from one inference to the next. */
#ifndef TG_SIGNAL_OVERLAP_ADD_F32_H
#define TG_SIGNAL_OVERLAP_ADD_F32_H

#include "tg_common.h"

#define tg_signal_overlap_add_f32 TG_NAME(tg_signal_overlap_add_f32)

typedef struct {
    int32_t streams;
    int32_t frames;  /* of a stream */
    int32_t samples; /* of a frame */
    int32_t step;    /* at most samples */
} tg_signal_overlap_add_f32_params;

/* input: [streams][frames][samples]; output: [streams][frames][step]; history: [streams][samples - step], brought up to
   date. */
void tg_signal_overlap_add_f32(const tg_signal_overlap_add_f32_params *params, const float *input, float *output,
                               float *history);

#endif
