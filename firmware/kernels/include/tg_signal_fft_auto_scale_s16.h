/* SignalFftAutoScale: output[i] = input[i] << bits, where bits is how often the greatest magnitude can be doubled. */
#ifndef TG_SIGNAL_FFT_AUTO_SCALE_S16_H
#define TG_SIGNAL_FFT_AUTO_SCALE_S16_H

#include "tg_common.h"

#define tg_signal_fft_auto_scale_s16 TG_NAME(tg_signal_fft_auto_scale_s16)

typedef struct {
    int32_t elements;
} tg_signal_fft_auto_scale_s16_params;

/* input, output: [elements]; scale_bits: [1], 0 .. 14. */
void tg_signal_fft_auto_scale_s16(const tg_signal_fft_auto_scale_s16_params *params, const int16_t *input,
                                  int16_t *output, int32_t *scale_bits);

#endif
