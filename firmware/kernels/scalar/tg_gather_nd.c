/* Portable: byte by byte. */
#include "tg_gather_nd.h"

void tg_gather_nd(const tg_gather_nd_params *p, const void *input, const void *indices, void *output) {
    uint8_t *out = (uint8_t *)output;
    for (int32_t i = 0; i < p->slices; i++) {
        const uint8_t *slice = (const uint8_t *)input;
        for (int32_t d = 0; d < p->depth; d++) {
            slice += tg_index(indices, p->wide, i * p->depth + d, p->sizes[d] - 1) * p->steps[d];
        }
        for (int32_t b = 0; b < p->slice_bytes; b++) {
            *out++ = slice[b];
        }
    }
}
