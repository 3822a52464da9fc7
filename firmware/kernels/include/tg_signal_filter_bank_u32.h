/* SignalFilterBank: output[c] = sum(input * weights over band c + 1) + sum(input * unweights over band c), modulo
   2**64, where band i is `widths[i]` energies from `starts[i]` on, with the weights from `weight_starts[i]` on. */
#ifndef TG_SIGNAL_FILTER_BANK_U32_H
#define TG_SIGNAL_FILTER_BANK_U32_H

#include "tg_common.h"

#define tg_signal_filter_bank_u32 TG_NAME(tg_signal_filter_bank_u32)

typedef struct {
    int32_t channels;
} tg_signal_filter_bank_u32_params;

/* starts, weight_starts, widths: [channels + 1]; output: [channels]. */
void tg_signal_filter_bank_u32(const tg_signal_filter_bank_u32_params *params, const uint32_t *input,
                               const int16_t *weights, const int16_t *unweights, const int16_t *starts,
                               const int16_t *weight_starts, const int16_t *widths, uint64_t *output);

#endif
