/* Portable: row by row, every step rounded to single precision. */
#include "tg_l2_normalization_f32.h"
#include "tg_math.h"

void tg_l2_normalization_f32(const tg_l2_normalization_f32_params *p, const float *input, float *output) {
    for (int32_t r = 0; r < p->rows; r++, input += p->depth, output += p->depth) {
        float sum = 0.0f;
        for (int32_t i = 0; i < p->depth; i++) {
            sum += input[i] * input[i];
        }
        const float root = tg_sqrt(sum);
        const float length = root > 1e-6f ? root : 1e-6f;
        for (int32_t i = 0; i < p->depth; i++) {
            output[i] = input[i] / length;
        }
    }
}
