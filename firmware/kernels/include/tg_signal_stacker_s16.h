/* SignalStacker: output = the history and the frame that follows it if this inference is valid, else 0. The first that
   is comes `right` frames after the first, then one every `step` frames. Before the first frame are copies of it. */
#ifndef TG_SIGNAL_STACKER_S16_H
#define TG_SIGNAL_STACKER_S16_H

#include <stdbool.h>

#include "tg_history.h"

#define tg_signal_stacker_s16 TG_NAME(tg_signal_stacker_s16)

typedef struct {
    int32_t channels; /* numbers of a frame */
    int32_t kept;     /* numbers of the history, a multiple of channels */
    int32_t right;
    int32_t step;
} tg_signal_stacker_s16_params;

/* input: [channels]; output: [kept + channels]; valid: [1]; brought up to date are history: [kept], and wait: [1], how
   many inferences are not valid before the next one that is, or -1 before the first. */
void tg_signal_stacker_s16(const tg_signal_stacker_s16_params *params, const int16_t *input, int16_t *output,
                           bool *valid, int16_t *history, int32_t *wait);

#endif
