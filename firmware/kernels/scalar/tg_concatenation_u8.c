/* Portable: one element after the other. */
#include "tg_concatenation_u8.h"

void tg_concatenation_u8(const tg_concatenation_u8_params *params, const uint8_t *input, uint8_t *output, int32_t first,
                         int32_t count) {
    const tg_part *const p = &params->part;
    for (int32_t r = first; r < first + count; r++) {
        const int32_t row = tg_part_row(p, r);
        if (row < 0) {
            continue;
        }
        const uint8_t *in = (const uint8_t *)tg_row((const int8_t *)input, p->input, row);
        uint8_t *block = (uint8_t *)tg_output_row((int8_t *)output, p->output, r) + p->output_offset;
        for (int32_t b = 0; b < p->blocks; b++, block += p->output_stride) {
            for (int32_t i = 0; i < p->block_bytes; i++) {
                block[i] = params->table[*in++];
            }
        }
    }
}
