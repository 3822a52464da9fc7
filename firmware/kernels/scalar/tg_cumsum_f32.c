/* Portable: one sum after the other. */
#include "tg_cumsum_f32.h"

void tg_cumsum_f32(const tg_cumsum_f32_params *p, const float *input, float *output) {
    for (int32_t o = 0; o < p->outer; o++) {
        for (int32_t i = 0; i < p->inner; i++) {
            const int32_t first = o * p->size * p->inner + i;
            float sum = 0;
            for (int32_t j = 0; j < p->size; j++) {
                const int32_t at = first + tg_cumsum_at(p, j);
                const float before = sum;
                sum += input[at];
                output[at] = (p->exclusive ? before : sum);
            }
        }
    }
}
