/* Portable: pairs of samples by one complex transform, in place in the output. */
#include "tg_signal_irfft_s32.h"

/* The spectrum of the even samples plus i times that of the odd ones. */
static void part(const tg_fft_s32 *p, const tg_complex_s32 *spectrum, tg_complex_s32 *z) {
    const int32_t low_end = spectrum[0].re, high_end = spectrum[p->points].re;
    const tg_complex_s32 ends = {tg_fft_sum_s32(low_end, high_end), tg_fft_difference_s32(low_end, high_end)};
    z[0] = tg_fft_divide_s32(ends, 2);
    for (int32_t k = 1; k <= p->points / 2; k++) {
        const tg_complex_s32 low = spectrum[k], high = spectrum[p->points - k];
        const tg_complex_s32 mirrored = {high.re, tg_fft_difference_s32(0, high.im)};
        const tg_complex_s32 near = tg_fft_divide_s32(low, 2), far = tg_fft_divide_s32(mirrored, 2);
        const tg_complex_s32 even = tg_fft_add_s32(near, far);
        const tg_complex_s32 odd = tg_fft_times_s32(tg_fft_subtract_s32(near, far), p->halves + 2 * (k - 1));
        const tg_complex_s32 difference = tg_fft_subtract_s32(even, odd);
        /* in the middle both are the same place, and the second counts */
        z[p->places[k]] = tg_fft_add_s32(even, odd);
        z[p->places[p->points - k]].re = difference.re;
        z[p->places[p->points - k]].im = tg_fft_difference_s32(0, difference.im);
    }
}

void tg_signal_irfft_s32(const tg_signal_irfft_s32_params *p, const int32_t *input, int32_t *output, int32_t first,
                         int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const tg_complex_s32 *in = (const tg_complex_s32 *)(const void *)tg_row((const int8_t *)input, p->input, r);
        int32_t *out = (int32_t *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->fft.points + 1, out += 2 * p->fft.points) {
            tg_complex_s32 *z = (tg_complex_s32 *)(void *)out;
            part(&p->fft, in, z);
            tg_fft_s32_apply(&p->fft, z, 1);
        }
    }
}
