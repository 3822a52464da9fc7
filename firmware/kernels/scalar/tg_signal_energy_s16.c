/* Portable: one number after the other. */
#include "tg_signal_energy_s16.h"

void tg_signal_energy_s16(const tg_signal_energy_s16_params *p, const int16_t *input, uint32_t *output) {
    for (int32_t k = 0; k < p->elements; k++) {
        /* <= 2 * 2**30 */
        const uint32_t energy =
            (uint32_t)(input[2 * k] * input[2 * k]) + (uint32_t)(input[2 * k + 1] * input[2 * k + 1]);
        output[k] = k >= p->start && k < p->end ? energy : 0;
    }
}
