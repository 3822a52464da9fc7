/* SignalWindow: output[i] = clamp(input[i] * weights[i % length] >> shift), int16. */
#ifndef TG_SIGNAL_WINDOW_S16_H
#define TG_SIGNAL_WINDOW_S16_H

#include "tg_common.h"

#define tg_signal_window_s16 TG_NAME(tg_signal_window_s16)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t windows; /* of a row */
    int32_t length;  /* of a window */
    int32_t shift;   /* 0 .. 31 */
} tg_signal_window_s16_params;

/* Computes output rows first .. first + count - 1; weights: [length]. */
void tg_signal_window_s16(const tg_signal_window_s16_params *params, const int16_t *input, const int16_t *weights,
                          int16_t *output, int32_t first, int32_t count);

#endif
