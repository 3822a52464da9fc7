/* Portable: one row after the other into the sums of every block. */
#include "tg_fully_connected_rows_blocks_s8.h"

void tg_fully_connected_rows_blocks_s8(const tg_fully_connected_rows_blocks_s8_params *p, const int8_t *input,
                                       int8_t *output, int32_t first, int32_t count, void *scratch) {
    const tg_filter_blocks *k = &p->filters;
    for (int32_t f = 0; f < k->filters; f += 4) {
        uint32_t *sums = (uint32_t *)scratch + f; /* they wrap as registers do */
        for (int32_t i = 0; i < 4 && first == 0; i++) {
            sums[i] = (uint32_t)k->sums[f + i];
        }
        for (int32_t r = first; r < first + count; r++) {
            const int8_t *weights = k->weights + f * k->depth + 4 * r * p->row_elements;
            tg_block_add(tg_row(input, p->input, r), weights, p->row_elements, sums);
        }
        if (first + count == p->rows) {
            const int32_t left = k->filters - f < 4 ? k->filters - f : 4;
            tg_block_store(tg_block_requant(k, f / 4), k->requant_step, k->rounding, left, sums, output + f);
        }
    }
}
