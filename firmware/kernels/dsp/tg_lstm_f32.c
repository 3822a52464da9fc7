/* Four units at a time share the elements of a vector. */
#include "tg_lstm_f32.h"
#include "tg_dsp_floats.h"
#include "tg_lstm_f32_step.h"

static void tg_lstm_multiply(const float *vector, const float *matrix, int32_t depth, int32_t count, float *sums) {
    for (int32_t u = 0; u < count; u += 4) {
        const int32_t part = count - u < 4 ? count - u : 4;
        const float *rows[4];
        tg_float_sums four = {{0.0f, 0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}};
        for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
            const int32_t unit = u + (i < part ? i : part - 1);
            rows[i] = matrix + unit * depth;
            four.x[i] = sums[unit];
        }
        tg_float_add(vector, 0, rows, 0, depth, 1, &four);
        for (int32_t i = 0; i < part; i++) {
            sums[u + i] = four.x[i];
        }
    }
}

void tg_lstm_f32(const tg_lstm_f32_params *p, const float *input, float *output, float *hidden, float *cell,
                 void *scratch) {
    tg_lstm_run(p, input, output, hidden, cell, scratch);
}
