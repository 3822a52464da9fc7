/* Portable: byte by byte. */
#include "tg_top_bit_u8.h"

void tg_top_bit_u8(const tg_top_bit_u8_params *p, const void *input, void *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const uint8_t *in = (const uint8_t *)(const void *)tg_row((const int8_t *)input, p->input, r);
        uint8_t *out = (uint8_t *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t i = 0; i < p->row_bytes; i++) {
            out[i] = (uint8_t)(in[i] ^ 0x80u);
        }
    }
}
