/* SignalFramer: output[f][i] = sample f * step + i of the history and the input that follows it; 0 in frames that would
   need samples from before the first. valid = all frames are there. */
#ifndef TG_SIGNAL_FRAMER_S16_H
#define TG_SIGNAL_FRAMER_S16_H

#include <stdbool.h>

#include "tg_history.h"

#define tg_signal_framer_s16 TG_NAME(tg_signal_framer_s16)

typedef struct {
    int32_t streams;
    int32_t frames; /* of a stream */
    int32_t size;   /* samples of a frame, at most kept + step */
    int32_t step;   /* samples from one frame to the next */
    int32_t kept;   /* samples of a stream's history */
} tg_signal_framer_s16_params;

/* input: [streams][frames * step]; output: [streams][frames][size]; valid: [1]; brought up to date are history:
   [streams][kept], and missing: [1], how many samples the history lacks. */
void tg_signal_framer_s16(const tg_signal_framer_s16_params *params, const int16_t *input, int16_t *output, bool *valid,
                          int16_t *history, int32_t *missing);

#endif
