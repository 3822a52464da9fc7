/* Portable: one byte after the other. */
#include "tg_circular_buffer_s8.h"

void tg_circular_buffer_s8(const tg_circular_buffer_s8_params *p, const int8_t *input, int8_t *output, bool *valid,
                           int32_t *cycles_left) {
    const int32_t kept = (p->slots - 1) * p->slot_bytes;
    for (int32_t i = 0; i < kept; i++) {
        output[i] = output[i + p->slot_bytes];
    }
    for (int32_t i = 0; i < p->slot_bytes; i++) {
        output[kept + i] = input[i];
    }
    valid[0] = cycles_left[0] <= 1;
    cycles_left[0] = valid[0] ? p->cycles : cycles_left[0] - 1;
}
