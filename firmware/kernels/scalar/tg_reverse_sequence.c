/* Portable: byte by byte. */
#include "tg_reverse_sequence.h"

static void reverse(const tg_reverse_sequence_params *p, const uint8_t *in, uint8_t *out, int32_t length) {
    for (int32_t i = 0; i < p->length; i++) {
        const uint8_t *const from = in + (i < length ? length - 1 - i : i) * p->step;
        for (int32_t b = 0; b < p->slice_bytes; b++) {
            out[i * p->step + b] = from[b];
        }
    }
}

void tg_reverse_sequence(const tg_reverse_sequence_params *p, const void *input, const void *lengths, void *output) {
    for (int32_t o = 0; o < p->outer; o++) {
        for (int32_t m = 0; m < p->middle; m++) {
            for (int32_t batch = 0; batch < p->batches; batch++) {
                const int32_t at = o * p->outer_step + m * p->middle_step + batch * p->batch_step;
                const int32_t length = tg_index(lengths, p->wide, batch, p->length);
                reverse(p, (const uint8_t *)input + at, (uint8_t *)output + at, length);
            }
        }
    }
}
