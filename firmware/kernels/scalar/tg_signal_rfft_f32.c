/* Portable: pairs of samples as one complex transform, in place in the output. */
#include "tg_signal_rfft_f32.h"

static void place(const tg_signal_rfft_f32_params *p, const float *input, tg_complex_f32 *z) {
    for (int32_t i = 0; i < p->fft.points; i++) {
        tg_complex_f32 *to = z + p->fft.places[i];
        to->re = 2 * i < p->samples ? input[2 * i] : 0;
        to->im = 2 * i + 1 < p->samples ? input[2 * i + 1] : 0;
    }
}

/* The spectrum of the even samples plus that of the odd ones, turned; the upper half mirrors the lower one. */
static void join(const tg_fft_f32 *p, tg_complex_f32 *z) {
    const tg_complex_f32 ends = z[0];
    z[0].re = ends.re + ends.im;
    z[0].im = 0;
    z[p->points].re = ends.re - ends.im;
    z[p->points].im = 0;
    for (int32_t k = 1; k <= p->points / 2; k++) {
        tg_complex_f32 *low = z + k, *high = z + p->points - k;
        const tg_complex_f32 mirrored = {high->re, -high->im};
        const tg_complex_f32 near = *low, far = mirrored;
        const tg_complex_f32 even = tg_fft_add_f32(near, far);
        const tg_complex_f32 odd = tg_fft_times_f32(tg_fft_subtract_f32(near, far), p->halves + 2 * (k - 1));
        /* in the middle both are the same place, and the second counts */
        low->re = (even.re + odd.re) * 0.5f;
        low->im = (even.im + odd.im) * 0.5f;
        high->re = (even.re - odd.re) * 0.5f;
        high->im = (odd.im - even.im) * 0.5f;
    }
}

void tg_signal_rfft_f32(const tg_signal_rfft_f32_params *p, const float *input, float *output, int32_t first,
                        int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const float *in = (const float *)(const void *)tg_row((const int8_t *)input, p->input, r);
        tg_complex_f32 *z = (tg_complex_f32 *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->samples, z += p->fft.points + 1) {
            place(p, in, z);
            tg_fft_f32_apply(&p->fft, z, 0);
            join(&p->fft, z);
        }
    }
}
