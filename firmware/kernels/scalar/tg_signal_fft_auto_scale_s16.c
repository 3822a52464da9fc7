/* Portable: once over all samples for the greatest, and once to shift them. */
#include "tg_signal_fft_auto_scale_s16.h"

/* In an int16, as the reference has it: -32768 is its own magnitude, and whatever comes next is greater. */
static int16_t greatest_magnitude(const int16_t *input, int32_t elements) {
    int16_t greatest = 0;
    for (int32_t i = 0; i < elements; i++) {
        if (input[i] > greatest) {
            greatest = input[i];
        } else if (-input[i] > greatest) {
            greatest = (int16_t)-input[i];
        }
    }
    return greatest;
}

void tg_signal_fft_auto_scale_s16(const tg_signal_fft_auto_scale_s16_params *p, const int16_t *input, int16_t *output,
                                  int32_t *scale_bits) {
    const int16_t greatest = greatest_magnitude(input, p->elements);
    int32_t bits = 0;
    while (greatest > 0 && (greatest << bits) < 0x4000) {
        bits++;
    }
    for (int32_t i = 0; i < p->elements; i++) {
        output[i] = (int16_t)(input[i] * (1 << bits));
    }
    scale_bits[0] = bits;
}
