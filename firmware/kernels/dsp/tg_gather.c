/* By words. */
#include "tg_gather.h"
#include "tg_dsp_copy.h"

void tg_gather(const tg_gather_params *p, const void *input, const void *positions, void *output) {
    const uint8_t *run = (const uint8_t *)input;
    uint8_t *out = (uint8_t *)output;
    for (int32_t batch = 0; batch < p->batches; batch++) {
        for (int32_t o = 0; o < p->outer; o++, run += p->size * p->slice_bytes) {
            for (int32_t i = 0; i < p->positions; i++, out += p->slice_bytes) {
                const int32_t at = tg_index(positions, p->wide, batch * p->positions + i, p->size - 1);
                tg_copy_bytes(run + at * p->slice_bytes, out, p->slice_bytes);
            }
        }
    }
}
