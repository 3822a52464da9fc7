/* Portable: byte by byte. */
#include "tg_one_hot.h"

void tg_one_hot(const tg_one_hot_params *p, const void *indices, const void *on_value, const void *off_value,
                void *output) {
    int8_t *out = (int8_t *)output;
    for (int32_t i = 0; i < p->outer * p->depth * p->inner; i++) {
        const int32_t d = i / p->inner % p->depth, at = i / p->inner / p->depth * p->inner + i % p->inner;
        const int64_t index = p->wide ? ((const int64_t *)indices)[at] : ((const int32_t *)indices)[at];
        const int8_t *const from = (const int8_t *)(index == d ? on_value : off_value);
        for (int32_t b = 0; b < p->element_bytes; b++) {
            *out++ = from[b];
        }
    }
}
