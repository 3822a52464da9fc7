/* SMLAD: a row of the map times all blocks, whose sums wait in the scratch for the next row. */
#include "tg_fully_connected_rows_blocks_s8.h"
#include "tg_dsp_single.h"

void tg_fully_connected_rows_blocks_s8(const tg_fully_connected_rows_blocks_s8_params *p, const int8_t *input,
                                       int8_t *output, int32_t first, int32_t count, void *scratch) {
    const tg_filter_blocks *k = &p->filters;
    const int32_t filters = k->filters, bytes = p->row_elements;
    int32_t *sums = (int32_t *)scratch;
    for (int32_t i = 0; i < ((filters + 3) & ~3) && first == 0; i++) {
        sums[i] = k->sums[i];
    }
    tg_filter_blocks row = *k;
    row.sums = sums;
    row.weights += 4 * first * bytes;
    for (int32_t r = first; r < first + count; r++, row.weights += 4 * bytes) {
        tg_multiply_single(&row, tg_row(input, p->input, r), 0, bytes);
    }
    for (int32_t f = 0; f < filters && first + count == p->rows; f += 4) {
        uint32_t last[4];
        for (int32_t i = 0; i < 4; i++) {
            last[i] = (uint32_t)sums[f + i];
        }
        const int32_t left = filters - f < 4 ? filters - f : 4;
        tg_block_store(tg_block_requant(k, f / 4), k->requant_step, k->rounding, left, last, output + f);
    }
}
