/* Portable: pairs of samples by one complex transform, in place in the output. */
#include "tg_signal_irfft_f32.h"

/* The spectrum of the even samples plus i times that of the odd ones. */
static void part(const tg_fft_f32 *p, const tg_complex_f32 *spectrum, tg_complex_f32 *z) {
    const float low_end = spectrum[0].re, high_end = spectrum[p->points].re;
    const tg_complex_f32 ends = {low_end + high_end, low_end - high_end};
    z[0] = ends;
    for (int32_t k = 1; k <= p->points / 2; k++) {
        const tg_complex_f32 low = spectrum[k], high = spectrum[p->points - k];
        const tg_complex_f32 mirrored = {high.re, -high.im};
        const tg_complex_f32 near = low, far = mirrored;
        const tg_complex_f32 even = tg_fft_add_f32(near, far);
        const tg_complex_f32 odd = tg_fft_times_f32(tg_fft_subtract_f32(near, far), p->halves + 2 * (k - 1));
        const tg_complex_f32 difference = tg_fft_subtract_f32(even, odd);
        /* in the middle both are the same place, and the second counts */
        z[p->places[k]] = tg_fft_add_f32(even, odd);
        z[p->places[p->points - k]].re = difference.re;
        z[p->places[p->points - k]].im = -difference.im;
    }
}

void tg_signal_irfft_f32(const tg_signal_irfft_f32_params *p, const float *input, float *output, int32_t first,
                         int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const tg_complex_f32 *in = (const tg_complex_f32 *)(const void *)tg_row((const int8_t *)input, p->input, r);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->fft.points + 1, out += 2 * p->fft.points) {
            tg_complex_f32 *z = (tg_complex_f32 *)(void *)out;
            part(&p->fft, in, z);
            tg_fft_f32_apply(&p->fft, z, 1);
            for (int32_t i = 0; i < 2 * p->fft.points; i++) {
                out[i] /= (float)(2 * p->fft.points);
            }
        }
    }
}
