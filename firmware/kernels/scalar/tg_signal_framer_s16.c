/* Portable: one frame after the other. */
#include "tg_signal_framer_s16.h"

void tg_signal_framer_s16(const tg_signal_framer_s16_params *p, const int16_t *input, int16_t *output, bool *valid,
                          int16_t *history, int32_t *missing) {
    const int32_t samples = p->frames * p->step;
    for (int32_t s = 0; s < p->streams; s++, input += samples, history += p->kept) {
        for (int32_t begin = 0; begin < samples; begin += p->step, output += p->size) {
            for (int32_t i = 0; i < p->size; i++) {
                output[i] = begin < missing[0] ? 0 : tg_history_at(history, p->kept, input, begin + i);
            }
        }
        tg_history_push(history, p->kept, input, samples);
    }
    valid[0] = missing[0] == 0;
    missing[0] = missing[0] > samples ? missing[0] - samples : 0;
}
