/* Portable: each energy is read once, and counts for two channels. */
#include "tg_signal_filter_bank_u32.h"

void tg_signal_filter_bank_u32(const tg_signal_filter_bank_u32_params *p, const uint32_t *input, const int16_t *weights,
                               const int16_t *unweights, const int16_t *starts, const int16_t *weight_starts,
                               const int16_t *widths, uint64_t *output) {
    uint64_t falling = 0; /* the part of the band before */
    for (int32_t band = 0; band <= p->channels; band++) {
        const uint32_t *energies = input + starts[band];
        const int16_t *up = weights + weight_starts[band], *down = unweights + weight_starts[band];
        uint64_t sum = falling;
        falling = 0;
        for (int32_t i = 0; i < widths[band]; i++) {
            sum += (uint64_t)((int64_t)up[i] * energies[i]); /* |product| < 2**47 */
            falling += (uint64_t)((int64_t)down[i] * energies[i]);
        }
        if (band > 0) {
            output[band - 1] = sum;
        }
    }
}
