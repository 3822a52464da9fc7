/* SignalFilterBankSpectralSubtraction: with signal = input[i] << smoothing_bits,
   noise[i] = (signal * smoothing + noise[i] * one_minus_smoothing) >> spectral_subtraction_bits,
   output[i] = max((signal - min(noise[i], signal)) >> smoothing_bits,
                   (input[i] * min_signal_remaining) >> spectral_subtraction_bits),
   modulo 2**32 from 64 bits; the alternate factors are for odd i. */
#ifndef TG_SIGNAL_FILTER_BANK_SPECTRAL_SUBTRACTION_U32_H
#define TG_SIGNAL_FILTER_BANK_SPECTRAL_SUBTRACTION_U32_H

#include "tg_common.h"

#define tg_signal_filter_bank_spectral_subtraction_u32 TG_NAME(tg_signal_filter_bank_spectral_subtraction_u32)

/* No factor is negative. */
typedef struct {
    int32_t channels;
    int32_t smoothing;
    int32_t one_minus_smoothing;
    int32_t alternate_smoothing;
    int32_t alternate_one_minus_smoothing;
    int32_t min_signal_remaining;
    int32_t smoothing_bits;            /* 0 .. 31 */
    int32_t spectral_subtraction_bits; /* 0 .. 31 */
    int32_t clamping;                  /* 1: noise[i] is at most signal */
} tg_signal_filter_bank_spectral_subtraction_u32_params;

/* All are [channels]; estimate gets a copy of noise, which is remembered. */
void tg_signal_filter_bank_spectral_subtraction_u32(const tg_signal_filter_bank_spectral_subtraction_u32_params *params,
                                                    const uint32_t *input, uint32_t *output, uint32_t *estimate,
                                                    uint32_t *noise);

#endif
