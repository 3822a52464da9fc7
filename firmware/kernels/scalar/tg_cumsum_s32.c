/* Portable: one sum after the other. */
#include "tg_cumsum_s32.h"

void tg_cumsum_s32(const tg_cumsum_s32_params *p, const int32_t *input, int32_t *output) {
    for (int32_t o = 0; o < p->outer; o++) {
        for (int32_t i = 0; i < p->inner; i++) {
            const int32_t first = o * p->size * p->inner + i;
            uint32_t sum = 0;
            for (int32_t j = 0; j < p->size; j++) {
                const int32_t at = first + tg_cumsum_at(p, j);
                const uint32_t before = sum;
                sum += (uint32_t)input[at];
                output[at] = (int32_t)(p->exclusive ? before : sum);
            }
        }
    }
}
