/* Portable: one unit's sum after the other. */
#include "tg_lstm_f32.h"
#include "tg_lstm_f32_step.h"

static void tg_lstm_multiply(const float *vector, const float *matrix, int32_t depth, int32_t count, float *sums) {
    for (int32_t u = 0; u < count; u++) {
        float sum = sums[u];
        for (int32_t i = 0; i < depth; i++) {
            sum += vector[i] * *matrix++;
        }
        sums[u] = sum;
    }
}

void tg_lstm_f32(const tg_lstm_f32_params *p, const float *input, float *output, float *hidden, float *cell,
                 void *scratch) {
    tg_lstm_run(p, input, output, hidden, cell, scratch);
}
