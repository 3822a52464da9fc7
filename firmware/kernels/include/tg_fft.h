/* The tables of a Fourier transform, in Q0.15, Q0.31 and single precision. */
#ifndef TG_FFT_H
#define TG_FFT_H

#include "tg_common.h"

typedef struct {
    const int16_t *radices;  /* [stages]: 2, 3, 4 or 5, in the order of execution */
    const int16_t *places;   /* [points]: where each number must stand before the first stage */
    const int16_t *twiddles; /* [points][2]: e**(-2 pi i k / points), conjugate for the inverse */
    const int16_t *halves;   /* [points / 2][2]: the same at (k + 1) / 2 + points / 4, for the real signal's halves */
    int32_t stages;
    int32_t points;
} tg_fft_s16;

typedef struct {
    const int16_t *radices;  /* [stages]: 2, 3, 4 or 5, in the order of execution */
    const int16_t *places;   /* [points]: where each number must stand before the first stage */
    const int32_t *twiddles; /* [points][2]: e**(-2 pi i k / points), conjugate for the inverse */
    const int32_t *halves;   /* [points / 2][2]: the same at (k + 1) / 2 + points / 4, for the real signal's halves */
    int32_t stages;
    int32_t points;
} tg_fft_s32;

typedef struct {
    const int16_t *radices; /* [stages]: 2, 3, 4 or 5, in the order of execution */
    const int16_t *places;  /* [points]: where each number must stand before the first stage */
    const float *twiddles;  /* [points][2]: e**(-2 pi i k / points), conjugate for the inverse */
    const float *halves;    /* [points / 2][2]: the same at (k + 1) / 2 + points / 4, for the real signal's halves */
    int32_t stages;
    int32_t points;
} tg_fft_f32;

#endif
