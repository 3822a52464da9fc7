/* Portable: one element after the other. */
#include "tg_dynamic_update_slice.h"

void tg_dynamic_update_slice(const tg_dynamic_update_slice_params *p, const void *update, const void *start,
                             void *output) {
    const uint8_t *in = (const uint8_t *)update;
    uint8_t *const out = (uint8_t *)output;
    int32_t at[6] = {0, 0, 0, 0, 0, 0}, to = 0;
    for (int32_t d = 0; d < p->dimensions; d++) {
        if (p->sizes[d] == 0) {
            return;
        }
        to += tg_index(start, p->wide, d, p->last_starts[d]) * p->steps[d];
    }
    for (int axis = 5; axis >= 0;) {
        for (int32_t b = 0; b < p->element_bytes; b++) {
            out[to + b] = *in++;
        }
        for (axis = 5; axis >= 0; axis--) {
            to += p->steps[axis];
            if (++at[axis] < p->sizes[axis]) {
                break;
            }
            to -= p->sizes[axis] * p->steps[axis];
            at[axis] = 0;
        }
    }
}
