/* Portable: one filter after the other; every sum begins at 0 and adds in the order of memory. */
#include "tg_svdf_f32.h"

static float remember(const tg_svdf_f32_params *p, const float *input, const float *feature, const float *time,
                      float *state) {
    float newest = 0.0f;
    for (int32_t i = 0; i < p->depth; i++) {
        newest += feature[i] * input[i];
    }
    float sum = 0.0f;
    for (int32_t i = 0; i < p->memory; i++) {
        state[i] = i + 1 < p->memory ? state[i + 1] : newest;
        sum += time[i] * state[i];
    }
    return sum;
}

void tg_svdf_f32(const tg_svdf_f32_params *p, const float *input, const float *weights_feature,
                 const float *weights_time, float *output, float *state) {
    const int32_t filters = p->units * p->rank;
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t u = 0; u < p->units; u++) {
            float sum = p->bias[u];
            for (int32_t f = u * p->rank; f < (u + 1) * p->rank; f++) {
                sum += remember(p, input + b * p->depth, weights_feature + f * p->depth, weights_time + f * p->memory,
                                state + (b * filters + f) * p->memory);
            }
            output[b * p->units + u] = sum < p->output_min ? p->output_min : sum > p->output_max ? p->output_max : sum;
        }
    }
}
