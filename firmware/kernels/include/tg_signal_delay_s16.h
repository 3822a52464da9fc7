/* SignalDelay: output[t] = input[t - delay], where t counts on from one inference to the next. */
#ifndef TG_SIGNAL_DELAY_S16_H
#define TG_SIGNAL_DELAY_S16_H

#include "tg_history.h"

#define tg_signal_delay_s16 TG_NAME(tg_signal_delay_s16)

typedef struct {
    int32_t streams;
    int32_t samples; /* of a stream */
    int32_t delay;
} tg_signal_delay_s16_params;

/* input, output: [streams][samples]; history: [streams][delay], brought up to date. */
void tg_signal_delay_s16(const tg_signal_delay_s16_params *params, const int16_t *input, int16_t *output,
                         int16_t *history);

#endif
