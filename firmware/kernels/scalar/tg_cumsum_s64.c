/* Portable: one sum after the other. */
#include "tg_cumsum_s64.h"

void tg_cumsum_s64(const tg_cumsum_s64_params *p, const int64_t *input, int64_t *output) {
    for (int32_t o = 0; o < p->outer; o++) {
        for (int32_t i = 0; i < p->inner; i++) {
            const int32_t first = o * p->size * p->inner + i;
            uint64_t sum = 0;
            for (int32_t j = 0; j < p->size; j++) {
                const int32_t at = first + tg_cumsum_at(p, j);
                const uint64_t before = sum;
                sum += (uint64_t)input[at];
                output[at] = (int64_t)(p->exclusive ? before : sum);
            }
        }
    }
}
