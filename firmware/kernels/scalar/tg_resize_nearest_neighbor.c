/* Portable: byte by byte. */
#include "tg_resize_nearest_neighbor.h"

void tg_resize_nearest_neighbor(const tg_resize_nearest_neighbor_params *p, const void *input, void *output,
                                int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *const row = tg_resize_row(input, &p->image, r, p->rows[r % p->image.output_h]);
        int8_t *out = tg_output_row((int8_t *)output, p->image.output, r);
        for (int32_t x = 0; x < p->image.output_w; x++) {
            const int8_t *const pixel = row + p->columns[x] * p->pixel_bytes;
            for (int32_t b = 0; b < p->pixel_bytes; b++) {
                *out++ = pixel[b];
            }
        }
    }
}
