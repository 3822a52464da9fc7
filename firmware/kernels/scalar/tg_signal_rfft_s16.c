/* Portable: pairs of samples as one complex transform, in place in the output. */
#include "tg_signal_rfft_s16.h"

static void place(const tg_signal_rfft_s16_params *p, const int16_t *input, tg_complex_s16 *z) {
    for (int32_t i = 0; i < p->fft.points; i++) {
        tg_complex_s16 *to = z + p->fft.places[i];
        to->re = 2 * i < p->samples ? input[2 * i] : 0;
        to->im = 2 * i + 1 < p->samples ? input[2 * i + 1] : 0;
    }
}

/* The spectrum of the even samples plus that of the odd ones, turned; the upper half mirrors the lower one. */
static void join(const tg_fft_s16 *p, tg_complex_s16 *z) {
    const tg_complex_s16 ends = tg_fft_divide_s16(z[0], 2);
    z[0].re = tg_fft_sum_s16(ends.re, ends.im);
    z[0].im = 0;
    z[p->points].re = tg_fft_difference_s16(ends.re, ends.im);
    z[p->points].im = 0;
    for (int32_t k = 1; k <= p->points / 2; k++) {
        tg_complex_s16 *low = z + k, *high = z + p->points - k;
        const tg_complex_s16 mirrored = {high->re, tg_fft_difference_s16(0, high->im)};
        const tg_complex_s16 near = tg_fft_divide_s16(*low, 2), far = tg_fft_divide_s16(mirrored, 2);
        const tg_complex_s16 even = tg_fft_add_s16(near, far);
        const tg_complex_s16 odd = tg_fft_times_s16(tg_fft_subtract_s16(near, far), p->halves + 2 * (k - 1));
        /* in the middle both are the same place, and the second counts */
        low->re = tg_fft_half_s16(even.re, odd.re);
        low->im = tg_fft_half_s16(even.im, odd.im);
        high->re = tg_fft_half_difference_s16(even.re, odd.re);
        high->im = tg_fft_half_difference_s16(odd.im, even.im);
    }
}

void tg_signal_rfft_s16(const tg_signal_rfft_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                        int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int16_t *in = (const int16_t *)(const void *)tg_row((const int8_t *)input, p->input, r);
        tg_complex_s16 *z = (tg_complex_s16 *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->samples, z += p->fft.points + 1) {
            place(p, in, z);
            tg_fft_s16_apply(&p->fft, z, 0);
            join(&p->fft, z);
        }
    }
}
