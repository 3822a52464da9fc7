/* By words, where both places allow it. */
#include "tg_concatenation.h"
#include "tg_swar_copy.h"

void tg_concatenation(const tg_concatenation_params *params, const void *input, void *output, int32_t first,
                      int32_t count) {
    const tg_part *const p = &params->part;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t row = tg_part_row(p, r);
        if (row < 0) {
            continue;
        }
        const int8_t *in = tg_row((const int8_t *)input, p->input, row);
        int8_t *const out = tg_output_row((int8_t *)output, p->output, r) + p->output_offset;
        for (int32_t b = 0; b < p->blocks; b++) {
            tg_copy_bytes(in + b * p->block_bytes, out + b * p->output_stride, p->block_bytes);
        }
    }
}
