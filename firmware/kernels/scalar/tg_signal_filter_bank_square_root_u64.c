/* Portable: bit by bit from the highest, in 32 bits where they hold the number. */
#include "tg_signal_filter_bank_square_root_u64.h"

static uint32_t root_of_u32(uint32_t x) {
    uint32_t root = 0;
    for (uint32_t bit = (uint32_t)1 << 30; bit > 0; bit >>= 2) {
        const int fits = x >= root + bit;
        x -= fits ? root + bit : 0;
        root = (root >> 1) + (fits ? bit : 0);
    }
    return root + (x > root && root < 0xffffu ? 1 : 0); /* x is now what is left beyond root**2 */
}

static uint32_t root_of_u64(uint64_t x) {
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 62; bit > 0; bit >>= 2) {
        const int fits = x >= root + bit;
        x -= fits ? root + bit : 0;
        root = (root >> 1) + (fits ? bit : 0);
    }
    return (uint32_t)root + (x > root && root < 0xffffffffu ? 1 : 0);
}

void tg_signal_filter_bank_square_root_u64(const tg_signal_filter_bank_square_root_u64_params *p, const uint64_t *input,
                                           const int32_t *scale_bits, uint32_t *output) {
    const uint32_t bits = (uint32_t)scale_bits[0] & 31u;
    for (int32_t i = 0; i < p->elements; i++) {
        output[i] = (input[i] >> 32 ? root_of_u64(input[i]) : root_of_u32((uint32_t)input[i])) >> bits;
    }
}
