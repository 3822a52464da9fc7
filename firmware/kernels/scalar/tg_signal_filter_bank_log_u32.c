/* Portable: one number after the other. */
#include "tg_signal_filter_bank_log_u32.h"

/* In Q.16; x > 0. */
static uint32_t log_of(uint32_t x, const int16_t *curve) {
    int32_t whole = 0;
    while (x >> whole > 1) {
        whole++;
    }
    const uint32_t rest = x - ((uint32_t)1 << whole); /* < 2**whole */
    const int32_t f = (int32_t)(whole < 16 ? rest << (16 - whole) : rest >> (whole - 16));
    const int16_t *at = curve + (f >> 9);
    const int32_t log2 = (whole << 16) + f + at[0] + (((at[1] - at[0]) * (f & 511)) >> 16); /* < 2**21 */
    return (uint32_t)(((uint64_t)45426 * (uint32_t)log2 + 0x8000) >> 16);
}

void tg_signal_filter_bank_log_u32(const tg_signal_filter_bank_log_u32_params *p, const uint32_t *input,
                                   int16_t *output) {
    for (int32_t i = 0; i < p->elements; i++) {
        const uint32_t x = input[i] << p->bits;
        const uint32_t scaled = x > 1 ? ((uint32_t)p->scale * log_of(x, p->curve) + 0x8000) >> 16 : 0;
        output[i] = (int16_t)(scaled < 32767 ? scaled : 32767);
    }
}
