/* Portable: one channel after the other. */
#include "tg_signal_filter_bank_spectral_subtraction_u32.h"

void tg_signal_filter_bank_spectral_subtraction_u32(const tg_signal_filter_bank_spectral_subtraction_u32_params *p,
                                                    const uint32_t *input, uint32_t *output, uint32_t *estimate,
                                                    uint32_t *noise) {
    for (int32_t i = 0; i < p->channels; i++) {
        const uint32_t energy = input[i], signal = energy << p->smoothing_bits;
        const uint32_t smoothing = (uint32_t)(i & 1 ? p->alternate_smoothing : p->smoothing);
        const uint32_t rest = (uint32_t)(i & 1 ? p->alternate_one_minus_smoothing : p->one_minus_smoothing);
        /* < 2**32 * 2**31 * 2 */
        const uint64_t sum = (uint64_t)signal * smoothing + (uint64_t)noise[i] * rest;
        const uint32_t next = (uint32_t)(sum >> p->spectral_subtraction_bits);
        const uint32_t below = next < signal ? next : signal;
        const uint64_t part = (uint64_t)energy * (uint32_t)p->min_signal_remaining;
        const uint32_t least = (uint32_t)(part >> p->spectral_subtraction_bits);
        const uint32_t left = (signal - below) >> p->smoothing_bits;
        noise[i] = p->clamping ? below : next;
        estimate[i] = noise[i];
        output[i] = left > least ? left : least;
    }
}
