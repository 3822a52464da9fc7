/* SignalRfft: output[2k] + i output[2k + 1] = sum(input[n] * e**(-2 pi i k n / length)), k = 0 .. length / 2;
   what the input has not is 0. */
#ifndef TG_SIGNAL_RFFT_F32_H
#define TG_SIGNAL_RFFT_F32_H

#include "tg_fft.h"

#define tg_signal_rfft_f32 TG_NAME(tg_signal_rfft_f32)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t frames;  /* transforms of a row */
    int32_t samples; /* of a frame, at most 2 * points */
    tg_fft_f32 fft;
} tg_signal_rfft_f32_params;

/* Computes output rows first .. first + count - 1: [frames][points + 1][2] from [frames][samples]. */
void tg_signal_rfft_f32(const tg_signal_rfft_f32_params *params, const float *input, float *output, int32_t first,
                        int32_t count);

#endif
