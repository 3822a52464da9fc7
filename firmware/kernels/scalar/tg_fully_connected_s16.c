/* Portable: one output after the other. */
#include "tg_fully_connected_s16.h"

void tg_fully_connected_s16(const tg_fully_connected_s16_params *p, const int16_t *input, int16_t *output) {
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t o = 0; o < p->outputs; o++) {
            const int64_t acc = tg_wide_add(tg_wide_dot(input, p->weights + o * p->depth, p->depth), p->bias[o]);
            const int32_t stored = tg_wide_or_narrow_multiply(acc, p->requant[o * p->requant_step], p->narrow);
            *output++ = (int16_t)tg_clamp(stored, p->output_min, p->output_max);
        }
        input += p->depth;
    }
}
