/* Portable: byte by byte. */
#include "tg_copy.h"

void tg_copy(const tg_copy_params *p, const void *input, void *output) {
    const uint8_t *in = (const uint8_t *)input;
    uint8_t *block = (uint8_t *)output + p->output_offset;
    for (int32_t b = 0; b < p->blocks; b++) {
        for (int32_t i = 0; i < p->block_bytes; i++) {
            block[i] = *in++;
        }
        block += p->output_stride;
    }
}
