/* Portable: byte by byte. */
#include "tg_sparse_to_dense.h"

void tg_sparse_to_dense(const tg_sparse_to_dense_params *p, const void *indices, const void *values, void *output) {
    const int8_t *from = (const int8_t *)values;
    for (int32_t i = 0; i < p->count; i++) {
        int32_t place = 0, inside = 1;
        for (int32_t d = 0; d < p->depth; d++) {
            const int32_t k = i * p->depth + d;
            const int64_t at = p->wide ? ((const int64_t *)indices)[k] : ((const int32_t *)indices)[k];
            inside &= at >= 0 && at < p->sizes[d];
            place += inside ? (int32_t)at * p->steps[d] : 0;
        }
        int8_t *const to = (int8_t *)output + place * p->element_bytes;
        for (int32_t b = 0; inside && b < p->element_bytes; b++) {
            to[b] = from[b];
        }
        from += p->value_step * p->element_bytes;
    }
}
