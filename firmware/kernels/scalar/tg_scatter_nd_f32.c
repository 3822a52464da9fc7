/* Portable: element by element. */
#include "tg_scatter_nd_f32.h"

void tg_scatter_nd_f32(const tg_scatter_nd_f32_params *params, const void *indices, const float *updates,
                       float *output) {
    const tg_scatter *const p = &params->scatter;
    for (int32_t s = 0; s < p->slices; s++, updates += p->slice_elements) {
        const int32_t first = tg_scatter_place(p, indices, s);
        for (int32_t e = 0; e < p->slice_elements && first >= 0; e++) {
            output[first + e] += updates[e];
        }
    }
}
