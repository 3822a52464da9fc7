/* Portable: one element after the other. */
#include "tg_run_time_box.h"

/* Where dimension d begins; everything far outside is equally far. */
static int32_t first_of(const tg_run_time_box_params *p, const void *begin, int32_t d) {
    const int32_t entry = p->entries[d], limit = p->limits[d];
    int64_t first = p->firsts[d];
    if (entry >= 0) {
        first = p->wide ? ((const int64_t *)begin)[entry] : ((const int32_t *)begin)[entry];
    }
    if (p->relative) {
        const int32_t low = p->strides[d] > 0 ? 0 : -1;
        first = first < 0 && first >= -(int64_t)limit ? first + limit : first;
        return (int32_t)(first < low ? low : first > low + limit ? low + limit : first);
    }
    return (int32_t)(first < -limit ? -limit : first > limit ? limit : first);
}

void tg_run_time_box(const tg_run_time_box_params *p, const void *input, const void *begin, void *output) {
    const uint8_t *const in = (const uint8_t *)input;
    uint8_t *out = (uint8_t *)output;
    int32_t at[6] = {0, 0, 0, 0, 0, 0}, first[6];
    for (int32_t d = 0; d < 6; d++) {
        first[d] = first_of(p, begin, d);
    }
    for (int axis = 5; axis >= 0;) {
        int32_t from = 0, inside = 1; /* |first + at * stride| < 2 * limit: a size takes no more than there is */
        for (int32_t d = 0; d < 6; d++) {
            const int32_t place = first[d] + at[d] * p->strides[d];
            inside &= place >= 0 && place < p->limits[d];
            from += inside ? place * p->steps[d] : 0;
        }
        for (int32_t b = 0; b < p->element_bytes; b++) {
            *out++ = inside ? in[from + b] : (uint8_t)0;
        }
        for (axis = 5; axis >= 0; axis--) {
            if (++at[axis] < p->sizes[axis]) {
                break;
            }
            at[axis] = 0;
        }
    }
}
