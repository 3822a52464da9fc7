/* LOGISTIC: output = logistic(scaled input) by interpolation, int16 in, Q0.15 out. */
#ifndef TG_LOGISTIC_S16_H
#define TG_LOGISTIC_S16_H

#include "tg_elementwise.h"

#define tg_logistic_s16 TG_NAME(tg_logistic_s16)

typedef struct {
    tg_map map;
    const uint16_t *table; /* [256]: logistic(i / 24) in Q0.16 */
    int32_t multiplier;    /* with shift: brings input to 3 * 2**12 per unit */
    int32_t shift;
} tg_logistic_s16_params;

/* Computes output rows first .. first + count - 1. */
void tg_logistic_s16(const tg_logistic_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                     int32_t count);

#endif
