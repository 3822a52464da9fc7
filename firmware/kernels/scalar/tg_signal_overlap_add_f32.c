/* Portable: a frame's first samples are complete, the others move up in the history. */
#include "tg_signal_overlap_add_f32.h"

void tg_signal_overlap_add_f32(const tg_signal_overlap_add_f32_params *p, const float *input, float *output,
                               float *history) {
    const int32_t kept = p->samples - p->step;
    for (int32_t s = 0; s < p->streams; s++, history += kept) {
        for (int32_t f = 0; f < p->frames; f++, input += p->samples, output += p->step) {
            for (int32_t i = 0; i < p->samples; i++) {
                const float before = i < kept ? history[i] : 0;
                const float sum = input[i] + before;
                if (i < p->step) {
                    output[i] = sum;
                } else {
                    history[i - p->step] = sum;
                }
            }
        }
    }
}
