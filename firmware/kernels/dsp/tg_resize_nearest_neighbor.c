/* By words. */
#include "tg_resize_nearest_neighbor.h"
#include "tg_dsp_copy.h"

void tg_resize_nearest_neighbor(const tg_resize_nearest_neighbor_params *p, const void *input, void *output,
                                int32_t first, int32_t count) {
    const int32_t bytes = p->pixel_bytes;
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *const row = tg_resize_row(input, &p->image, r, p->rows[r % p->image.output_h]);
        int8_t *const out = tg_output_row((int8_t *)output, p->image.output, r);
        for (int32_t x = 0; x < p->image.output_w; x++) {
            tg_copy_bytes(row + p->columns[x] * bytes, out + x * bytes, bytes);
        }
    }
}
