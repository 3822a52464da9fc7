/* By words, where both places allow it. */
#include "tg_copy.h"
#include "tg_swar_copy.h"

void tg_copy(const tg_copy_params *p, const void *input, void *output) {
    const uint8_t *in = (const uint8_t *)input;
    uint8_t *const out = (uint8_t *)output + p->output_offset;
    for (int32_t b = 0; b < p->blocks; b++) {
        tg_copy_bytes(in + b * p->block_bytes, out + b * p->output_stride, p->block_bytes);
    }
}
