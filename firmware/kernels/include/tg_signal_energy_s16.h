/* SignalEnergy: output[k] = input[2k]**2 + input[2k + 1]**2 for start <= k < end, else 0. */
#ifndef TG_SIGNAL_ENERGY_S16_H
#define TG_SIGNAL_ENERGY_S16_H

#include "tg_common.h"

#define tg_signal_energy_s16 TG_NAME(tg_signal_energy_s16)

typedef struct {
    int32_t elements; /* of the output */
    int32_t start;
    int32_t end;
} tg_signal_energy_s16_params;

/* input: [elements][2]; output: [elements], in the same place or elsewhere. */
void tg_signal_energy_s16(const tg_signal_energy_s16_params *params, const int16_t *input, uint32_t *output);

#endif
