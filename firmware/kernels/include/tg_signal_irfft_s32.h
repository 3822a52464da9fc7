/* SignalIrfft: output[n] = sum(spectrum[k] * e**(2 pi i k n / length)) / length, k = 0 .. length - 1, where
   spectrum[k] = input[2k] + i input[2k + 1] up to length / 2, and conjugate to spectrum[length - k] from there on. */
#ifndef TG_SIGNAL_IRFFT_S32_H
#define TG_SIGNAL_IRFFT_S32_H

#include "tg_fft.h"

#define tg_signal_irfft_s32 TG_NAME(tg_signal_irfft_s32)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t frames; /* transforms of a row */
    tg_fft_s32 fft;
} tg_signal_irfft_s32_params;

/* Computes output rows first .. first + count - 1: [frames][points][2] from [frames][points + 1][2]. */
void tg_signal_irfft_s32(const tg_signal_irfft_s32_params *params, const int32_t *input, int32_t *output, int32_t first,
                         int32_t count);

#endif
