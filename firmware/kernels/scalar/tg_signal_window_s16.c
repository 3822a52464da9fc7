/* Portable: one sample after the other. */
#include "tg_signal_window_s16.h"

void tg_signal_window_s16(const tg_signal_window_s16_params *p, const int16_t *input, const int16_t *weights,
                          int16_t *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int16_t *in = (const int16_t *)(const void *)tg_row((const int8_t *)input, p->input, r);
        int16_t *out = (int16_t *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t w = 0; w < p->windows; w++, in += p->length, out += p->length) {
            for (int32_t i = 0; i < p->length; i++) {
                out[i] = (int16_t)tg_clamp((in[i] * weights[i]) >> p->shift, -32768, 32767);
            }
        }
    }
}
