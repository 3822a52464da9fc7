/* Portable: byte by byte; what lies there already stays. */
#include "tg_copy.h"

void tg_copy(const tg_copy_params *p, const void *input, void *output) {
    const uint8_t *in = (const uint8_t *)input;
    uint8_t *block = (uint8_t *)output + p->output_offset;
    for (int32_t b = 0; b < p->blocks; b++) {
        if (block != in) {
            for (int32_t i = 0; i < p->block_bytes; i++) {
                block[i] = in[i];
            }
        }
        in += p->block_bytes;
        block += p->output_stride;
    }
}
