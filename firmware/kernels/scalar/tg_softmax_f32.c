/* Portable: row by row; within 1e-6 of the exact probability, plus 1e-7 for each element of a row. */
#include "tg_softmax_f32.h"
#include "tg_math.h"

void tg_softmax_f32(const tg_softmax_f32_params *p, const float *input, float *output) {
    for (int32_t r = 0; r < p->rows; r++, input += p->depth, output += p->depth) {
        float largest = -TG_FLOAT_MAX, sum = 0.0f;
        for (int32_t i = 0; i < p->depth; i++) {
            largest = input[i] > largest ? input[i] : largest;
        }
        for (int32_t i = 0; i < p->depth; i++) {
            output[i] = tg_exp((input[i] - largest) * p->beta);
            sum += output[i];
        }
        for (int32_t i = 0; i < p->depth; i++) {
            output[i] /= sum;
        }
    }
}
