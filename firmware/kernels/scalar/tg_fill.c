/* Portable: byte by byte. */
#include "tg_fill.h"

void tg_fill(const tg_fill_params *p, const void *value, void *output) {
    const uint8_t *const from = (const uint8_t *)value;
    uint8_t *out = (uint8_t *)output;
    for (int32_t i = 0; i < p->elements; i++) {
        for (int32_t b = 0; b < p->element_bytes; b++) {
            *out++ = from[b];
        }
    }
}
