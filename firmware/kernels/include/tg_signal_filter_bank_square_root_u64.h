/* SignalFilterBankSquareRoot: output[i] = round(sqrt(input[i])) >> scale_bits, where the root is at most 2**16 - 1 of
   an input below 2**32, and at most 2**32 - 1 of any. */
#ifndef TG_SIGNAL_FILTER_BANK_SQUARE_ROOT_U64_H
#define TG_SIGNAL_FILTER_BANK_SQUARE_ROOT_U64_H

#include "tg_common.h"

#define tg_signal_filter_bank_square_root_u64 TG_NAME(tg_signal_filter_bank_square_root_u64)

typedef struct {
    int32_t elements;
} tg_signal_filter_bank_square_root_u64_params;

/* scale_bits: [1], of which the lowest five bits count. */
void tg_signal_filter_bank_square_root_u64(const tg_signal_filter_bank_square_root_u64_params *params,
                                           const uint64_t *input, const int32_t *scale_bits, uint32_t *output);

#endif
