/* SignalPCAN: output[i] = shrink((input[i] * gain(noise[i])) >> shift), with
   shrink(x) = x**2 >> 20 below 2**13, else (x >> 6) - 64, and gain(x) = gains[x] for x <= 2, else
   a + ((f * (32 b + (c * f >> 5)) + 2**14) >> 15), where f is the ten bits after the highest of x, and a, b, c are the
   gains from 4 * bits(x) - 6 on. */
#ifndef TG_SIGNAL_PCAN_U32_H
#define TG_SIGNAL_PCAN_U32_H

#include "tg_common.h"

#define tg_signal_pcan_u32 TG_NAME(tg_signal_pcan_u32)

typedef struct {
    int32_t elements;
    int32_t shift; /* 0 .. 63 */
} tg_signal_pcan_u32_params;

/* gains: [125]. */
void tg_signal_pcan_u32(const tg_signal_pcan_u32_params *params, const uint32_t *input, const uint32_t *noise,
                        const int16_t *gains, uint32_t *output);

#endif
