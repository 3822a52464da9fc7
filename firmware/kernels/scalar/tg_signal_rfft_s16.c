/* Portable: in place in the output. */
#include "tg_signal_rfft_s16.h"
#include "tg_fft_s16.h"

void tg_signal_rfft_s16(const tg_signal_rfft_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                        int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int16_t *in = (const int16_t *)(const void *)tg_row((const int8_t *)input, p->input, r);
        tg_fft_complex *z = (tg_fft_complex *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->samples, z += p->fft.points + 1) {
            tg_fft_of_real(&p->fft, in, p->samples, z);
        }
    }
}
