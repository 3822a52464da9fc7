/* Portable: one stream after the other. */
#include "tg_signal_delay_s16.h"

void tg_signal_delay_s16(const tg_signal_delay_s16_params *p, const int16_t *input, int16_t *output, int16_t *history) {
    for (int32_t s = 0; s < p->streams; s++, input += p->samples, output += p->samples, history += p->delay) {
        for (int32_t i = 0; i < p->samples; i++) {
            output[i] = tg_history_at(history, p->delay, input, i);
        }
        tg_history_push(history, p->delay, input, p->samples);
    }
}
