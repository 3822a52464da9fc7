/* Portable: byte by byte. */
#include "tg_scatter_nd.h"

void tg_scatter_nd(const tg_scatter_nd_params *p, const void *updates, void *output) {
    const uint8_t *in = (const uint8_t *)updates;
    for (int32_t i = 0; i < p->slices; i++) {
        uint8_t *const slice = (uint8_t *)output + p->starts[i];
        for (int32_t b = 0; b < p->slice_bytes; b++) {
            slice[b] = *in++;
        }
    }
}
