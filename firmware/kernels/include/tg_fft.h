/* What the Fourier transforms share: how their butterflies lie. */
#ifndef TG_FFT_H
#define TG_FFT_H

#include "tg_common.h"

/* At every multiple of radix * span begin `span` butterflies, whose arms are `span` apart. Arm q of butterfly k is
   turned by twiddle q * k * stride. */
typedef struct {
    int32_t radix; /* 2, 3, 4 or 5 */
    int32_t span;
    int32_t stride; /* span * radix * stride is the number of points */
} tg_fft_stage;

#endif
