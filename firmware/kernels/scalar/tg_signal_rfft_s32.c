/* Portable: pairs of samples as one complex transform, in place in the output. */
#include "tg_signal_rfft_s32.h"

static void place(const tg_signal_rfft_s32_params *p, const int32_t *input, tg_complex_s32 *z) {
    for (int32_t i = 0; i < p->fft.points; i++) {
        tg_complex_s32 *to = z + p->fft.places[i];
        to->re = 2 * i < p->samples ? input[2 * i] : 0;
        to->im = 2 * i + 1 < p->samples ? input[2 * i + 1] : 0;
    }
}

/* The spectrum of the even samples plus that of the odd ones, turned; the upper half mirrors the lower one. */
static void join(const tg_fft_s32 *p, tg_complex_s32 *z) {
    const tg_complex_s32 ends = tg_fft_divide_s32(z[0], 2);
    z[0].re = tg_fft_sum_s32(ends.re, ends.im);
    z[0].im = 0;
    z[p->points].re = tg_fft_difference_s32(ends.re, ends.im);
    z[p->points].im = 0;
    for (int32_t k = 1; k <= p->points / 2; k++) {
        tg_complex_s32 *low = z + k, *high = z + p->points - k;
        const tg_complex_s32 mirrored = {high->re, tg_fft_difference_s32(0, high->im)};
        const tg_complex_s32 near = tg_fft_divide_s32(*low, 2), far = tg_fft_divide_s32(mirrored, 2);
        const tg_complex_s32 even = tg_fft_add_s32(near, far);
        const tg_complex_s32 odd = tg_fft_times_s32(tg_fft_subtract_s32(near, far), p->halves + 2 * (k - 1));
        /* in the middle both are the same place, and the second counts */
        low->re = tg_fft_half_s32(even.re, odd.re);
        low->im = tg_fft_half_s32(even.im, odd.im);
        high->re = tg_fft_half_difference_s32(even.re, odd.re);
        high->im = tg_fft_half_difference_s32(odd.im, even.im);
    }
}

void tg_signal_rfft_s32(const tg_signal_rfft_s32_params *p, const int32_t *input, int32_t *output, int32_t first,
                        int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int32_t *in = (const int32_t *)(const void *)tg_row((const int8_t *)input, p->input, r);
        tg_complex_s32 *z = (tg_complex_s32 *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->samples, z += p->fft.points + 1) {
            place(p, in, z);
            tg_fft_s32_apply(&p->fft, z, 0);
            join(&p->fft, z);
        }
    }
}
