/* Portable: one row after the other. */
#include "tg_embedding_lookup_s8_f32.h"

void tg_embedding_lookup_s8_f32(const tg_embedding_lookup_s8_f32_params *p, const int8_t *table, const void *lookup,
                                float *output) {
    for (int32_t i = 0; i < p->lookups; i++) {
        const int32_t row = tg_index(lookup, p->wide, i, p->size - 1);
        const float scale = p->scale[row * p->scale_step];
        for (int32_t e = 0; e < p->row_elements; e++) {
            *output++ = (float)table[row * p->row_elements + e] * scale;
        }
    }
}
