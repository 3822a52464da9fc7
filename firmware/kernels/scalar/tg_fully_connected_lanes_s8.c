/* Portable: one output after the other. */
#include "tg_fully_connected_lanes_s8.h"

void tg_fully_connected_lanes_s8(const tg_fully_connected_lanes_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t b = 0; b < p->batches; b++, input += p->depth, output += p->outputs) {
        const int32_t *extra = p->extras;
        for (int32_t o = 0; o < p->outputs; o++) {
            const uint32_t *weights = p->weights + o / 4 * p->depth;
            int32_t sum = p->bias[o];
            for (int32_t i = 0; i < p->depth; i++) {
                sum += input[i] * ((int32_t)(weights[i] >> o % 4 * 8 & 255) - 128);
            }
            for (const int32_t *end = extra + p->counts[o]; extra != end; extra++) {
                sum += tg_lanes_extra(*extra, input);
            }
            output[o] = tg_halves_store(sum, tg_doubled_of(p->requant + o * p->requant_step));
        }
    }
}
