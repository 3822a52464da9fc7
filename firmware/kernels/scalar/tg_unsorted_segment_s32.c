/* Portable: one row of the input after the other. */
#include "tg_unsorted_segment_s32.h"

void tg_unsorted_segment_s32(const tg_unsorted_segment_s32_params *p, const int32_t *input, const void *segment_ids,
                             int32_t *output) {
    for (int32_t i = 0; i < p->segments * p->row_elements; i++) {
        output[i] = p->start;
    }
    for (int32_t r = 0; r < p->rows; r++) {
        const int64_t id = p->wide ? ((const int64_t *)segment_ids)[r] : ((const int32_t *)segment_ids)[r];
        if (id < 0 || id >= p->segments) {
            continue;
        }
        int32_t *const out = output + (int32_t)id * p->row_elements;
        for (int32_t i = 0; i < p->row_elements; i++) {
            out[i] = tg_joined(p->operation, out[i], input[r * p->row_elements + i]);
        }
    }
}
