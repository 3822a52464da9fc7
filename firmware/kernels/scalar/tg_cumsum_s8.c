/* Portable: one sum after the other. */
#include "tg_cumsum_s8.h"

void tg_cumsum_s8(const tg_cumsum_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t o = 0; o < p->axis.outer; o++) {
        for (int32_t i = 0; i < p->axis.inner; i++) {
            const int32_t first = o * p->axis.size * p->axis.inner + i;
            uint32_t sum = (uint32_t)-p->input_zero_point;
            for (int32_t j = 0; j < p->axis.size; j++) {
                const int32_t at = first + tg_cumsum_at(&p->axis, j);
                const uint32_t before = sum;
                sum += (uint32_t)(input[at] - p->input_zero_point);
                const int32_t widened = (int32_t)((p->axis.exclusive ? before : sum) << 19);
                output[at] = (int8_t)tg_clamp(tg_multiply(widened, p->requant) + p->output_zero_point, -128, 127);
            }
        }
    }
}
