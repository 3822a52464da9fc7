/* Four outputs at a time, of two rows of the batch where there are two. */
#include "tg_fully_connected_f32.h"
#include "tg_dsp_floats.h"

/* All outputs of one row of the batch, or of two. */
TG_ALWAYS_INLINE void multiply(const tg_fully_connected_f32_params *p, const float *input, const float *weights,
                               const float *bias, float *output, int vectors) {
    for (int32_t o = 0; o < p->outputs; o += 4) {
        const int32_t count = p->outputs - o < 4 ? p->outputs - o : 4;
        const float *rows[4];
        for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
            rows[i] = weights + (o + (i < count ? i : count - 1)) * p->depth;
        }
        tg_float_sums sums = {{0.0f, 0.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}};
        tg_float_add(input, p->depth, rows, 0, p->depth, vectors, &sums);
        for (int32_t i = 0; i < count; i++) {
            output[o + i] = tg_clamped(sums.x[i] + bias[o + i], p->output_min, p->output_max);
            if (vectors == 2) {
                output[p->outputs + o + i] = tg_clamped(sums.y[i] + bias[o + i], p->output_min, p->output_max);
            }
        }
    }
}

TG_NEVER_INLINE void multiply_one(const tg_fully_connected_f32_params *p, const float *input, const float *weights,
                                  const float *bias, float *output) {
    multiply(p, input, weights, bias, output, 1);
}

TG_NEVER_INLINE void multiply_two(const tg_fully_connected_f32_params *p, const float *input, const float *weights,
                                  const float *bias, float *output) {
    multiply(p, input, weights, bias, output, 2);
}

void tg_fully_connected_f32(const tg_fully_connected_f32_params *p, const float *input, const float *weights,
                            const float *bias, float *output) {
    int32_t b = 0;
    for (; b + 2 <= p->batches; b += 2) {
        multiply_two(p, input + b * p->depth, weights, bias, output + b * p->outputs);
    }
    if (b < p->batches) {
        multiply_one(p, input + b * p->depth, weights, bias, output + b * p->outputs);
    }
}
