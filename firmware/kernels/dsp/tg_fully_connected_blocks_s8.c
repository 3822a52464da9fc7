/* SMLAD: a row of the input times all blocks; bytes that do not fill a word get a word of their own. */
#include "tg_fully_connected_blocks_s8.h"
#include "tg_dsp_single.h"

/* A row of which the last 1 to 3 bytes must not be read as a word: where there are others, two runs per block. */
TG_NEVER_INLINE void multiply_parts(const tg_filter_blocks *k, const int8_t *input, int32_t depth, int8_t *output) {
    const int32_t whole = depth & ~3;
    int8_t rest[4] = {0, 0, 0, 0};
    for (int32_t i = whole; i < depth; i++) {
        rest[i & 3] = input[i];
    }
    if (whole == 0) {
        tg_multiply_single(k, rest, output, 4);
        return;
    }
    tg_filter_blocks block = *k;
    for (int32_t f = 0; f < k->filters; f += 4) {
        int32_t sums[4] = {k->sums[f], k->sums[f + 1], k->sums[f + 2], k->sums[f + 3]};
        block.sums = sums;
        block.filters = k->filters - f < 4 ? k->filters - f : 4;
        block.requant = tg_block_requant(k, f / 4);
        block.weights = k->weights + f * k->depth;
        tg_multiply_single(&block, input, 0, whole);
        block.weights += 4 * whole;
        tg_multiply_single(&block, rest, output + f, 4);
    }
}

static inline void multiply_row(const tg_filter_blocks *k, const int8_t *input, int32_t depth, int8_t *output) {
    if ((depth & 3) == 0) {
        tg_multiply_single(k, input, output, depth);
    } else {
        multiply_parts(k, input, depth, output);
    }
}

/* The last row, mostly the only one, is left to jumps instead of calls. */
void tg_fully_connected_blocks_s8(const tg_fully_connected_blocks_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t b = p->batches; b > 1; b--, input += p->depth, output += p->filters.filters) {
        multiply_row(&p->filters, input, p->depth, output);
    }
    multiply_row(&p->filters, input, p->depth, output);
}
