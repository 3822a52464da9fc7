/* SignalFilterBankLog: output[i] = min(scale * log(input[i] << bits), 32767); 0 where that is the logarithm of 0 or 1.
   log(x) in Q.16 is 45426 * log2(x), rounded; log2(2**n * (1 + f)) is n + f + curve(f), which between two values goes
   1/128 of the way, as in the reference. */
#ifndef TG_SIGNAL_FILTER_BANK_LOG_U32_H
#define TG_SIGNAL_FILTER_BANK_LOG_U32_H

#include "tg_common.h"

#define tg_signal_filter_bank_log_u32 TG_NAME(tg_signal_filter_bank_log_u32)

typedef struct {
    const int16_t *curve; /* [129]: log2(1 + i / 128) - i / 128 in Q.16 */
    int32_t elements;
    int32_t bits; /* 0 .. 31 */
    int32_t scale;
} tg_signal_filter_bank_log_u32_params;

void tg_signal_filter_bank_log_u32(const tg_signal_filter_bank_log_u32_params *params, const uint32_t *input,
                                   int16_t *output);

#endif
