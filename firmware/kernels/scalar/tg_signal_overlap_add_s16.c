/* Portable: a frame's first samples are complete, the others move up in the history. */
#include "tg_signal_overlap_add_s16.h"

void tg_signal_overlap_add_s16(const tg_signal_overlap_add_s16_params *p, const int16_t *input, int16_t *output,
                               int16_t *history) {
    const int32_t kept = p->samples - p->step;
    for (int32_t s = 0; s < p->streams; s++, history += kept) {
        for (int32_t f = 0; f < p->frames; f++, input += p->samples, output += p->step) {
            for (int32_t i = 0; i < p->samples; i++) {
                const int16_t before = i < kept ? history[i] : 0;
                const int16_t sum = (int16_t)tg_clamp(input[i] + before, -32768, 32767);
                if (i < p->step) {
                    output[i] = sum;
                } else {
                    history[i - p->step] = sum;
                }
            }
        }
    }
}
