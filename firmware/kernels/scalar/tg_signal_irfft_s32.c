/* Portable: in place in the output. */
#include "tg_signal_irfft_s32.h"
#include "tg_fft_s32.h"

void tg_signal_irfft_s32(const tg_signal_irfft_s32_params *p, const int32_t *input, int32_t *output, int32_t first,
                         int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const tg_fft_complex *in = (const tg_fft_complex *)(const void *)tg_row((const int8_t *)input, p->input, r);
        tg_fft_complex *out = (tg_fft_complex *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->fft.points + 1, out += p->fft.points) {
            tg_fft_to_real(&p->fft, in, out);
        }
    }
}
