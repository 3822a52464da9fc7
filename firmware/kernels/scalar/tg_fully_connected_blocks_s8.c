/* Portable: the last input bytes of a row are taken from a word that ends in zeros. */
#include "tg_fully_connected_blocks_s8.h"

void tg_fully_connected_blocks_s8(const tg_fully_connected_blocks_s8_params *p, const int8_t *input, int8_t *output) {
    const tg_filter_blocks *k = &p->filters;
    const int32_t whole = p->depth & ~3;
    for (int32_t b = 0; b < p->batches; b++, input += p->depth, output += k->filters) {
        int8_t rest[4] = {0, 0, 0, 0};
        for (int32_t i = whole; i < p->depth; i++) {
            rest[i - whole] = input[i];
        }
        for (int32_t f = 0; f < k->filters; f += 4) {
            uint32_t sums[4];
            for (int32_t i = 0; i < 4; i++) {
                sums[i] = (uint32_t)k->sums[f + i];
            }
            const int8_t *block = k->weights + f * k->depth;
            tg_block_add(input, block, whole, sums);
            tg_block_add(rest, block + 4 * whole, k->depth - whole, sums);
            const int32_t count = k->filters - f < 4 ? k->filters - f : 4;
            tg_block_store(tg_block_requant(k, f / 4), k->requant_step, k->rounding, count, sums, output + f);
        }
    }
}
