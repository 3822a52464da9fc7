/* Portable: row by row; within 1e-6 of the largest magnitude, plus 1e-7 for each element of a row. */
#include "tg_log_softmax_f32.h"
#include "tg_math.h"

void tg_log_softmax_f32(const tg_log_softmax_f32_params *p, const float *input, float *output) {
    for (int32_t r = 0; r < p->rows; r++, input += p->depth, output += p->depth) {
        float largest = -TG_FLOAT_MAX, sum = 0.0f;
        for (int32_t i = 0; i < p->depth; i++) {
            largest = input[i] > largest ? input[i] : largest;
        }
        for (int32_t i = 0; i < p->depth; i++) {
            sum += tg_exp(input[i] - largest);
        }
        const float log_sum = tg_log(sum);
        for (int32_t i = 0; i < p->depth; i++) {
            output[i] = input[i] - largest - log_sum;
        }
    }
}
