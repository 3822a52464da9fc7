/* Portable: one mean after the other. */
#include "tg_mean_s8.h"

/* |sum| <= 2**7 * elements < 2**31 */
static int32_t sum_of(const tg_mean_s8_params *p, const int8_t *input) {
    int32_t sum = 0;
    for (int32_t i = 0; i < p->reduced[0]; i++) {
        for (int32_t j = 0; j < p->reduced[1]; j++) {
            const int8_t *in = input + i * p->reduced_stride[0] + j * p->reduced_stride[1];
            for (int32_t k = 0; k < p->reduced[2]; k++) {
                sum += in[k * p->reduced_stride[2]];
            }
        }
    }
    return sum;
}

void tg_mean_s8(const tg_mean_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t i = 0; i < p->kept[0]; i++) {
        for (int32_t j = 0; j < p->kept[1]; j++) {
            for (int32_t k = 0; k < p->kept[2]; k++) {
                const int8_t *in = input + i * p->kept_stride[0] + j * p->kept_stride[1] + k * p->kept_stride[2];
                const int32_t sum = sum_of(p, in) - p->zero_point_sum;
                *output++ = (int8_t)tg_clamp(tg_multiply(sum, p->requant) + p->output_zero_point, -128, 127);
            }
        }
    }
}
