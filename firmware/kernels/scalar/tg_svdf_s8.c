/* Portable: one filter after the other. */
#include "tg_svdf_s8.h"

/* |sum| <= 2**15 * depth < 2**31 */
static int32_t feature_of(const tg_svdf_s8_params *p, const int8_t *input, const int8_t *weights) {
    int32_t sum = 0;
    for (int32_t i = 0; i < p->depth; i++) {
        sum += weights[i] * (input[i] - p->input_zero_point);
    }
    return tg_multiply(sum, p->feature);
}

/* Takes the newest feature in and returns the sum over time, which wraps as an int32 register does. */
static uint32_t remember_s16(const tg_svdf_s8_params *p, int32_t feature, const int16_t *weights, int16_t *state) {
    uint32_t sum = 0;
    for (int32_t i = 0; i < p->memory; i++) {
        state[i] = i + 1 < p->memory ? state[i + 1] : (int16_t)(tg_clamp(feature, -32768, 32767) + p->state_zero_point);
        sum += (uint32_t)(weights[i] * (state[i] - p->state_zero_point));
    }
    return sum;
}

static uint32_t remember_s8(const tg_svdf_s8_params *p, int32_t feature, const int8_t *weights, int8_t *state) {
    uint32_t sum = 0;
    for (int32_t i = 0; i < p->memory; i++) {
        state[i] = i + 1 < p->memory ? state[i + 1] : (int8_t)(tg_clamp(feature, -128, 127) + p->state_zero_point);
        sum += (uint32_t)(weights[i] * (state[i] - p->state_zero_point));
    }
    return sum;
}

void tg_svdf_s8(const tg_svdf_s8_params *p, const int8_t *input, const int8_t *weights_feature,
                const void *weights_time, int8_t *output, void *state) {
    const int32_t filters = p->units * p->rank;
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t u = 0; u < p->units; u++) {
            uint32_t sum = (uint32_t)p->bias[u];
            for (int32_t f = u * p->rank; f < (u + 1) * p->rank; f++) {
                const int32_t feature = feature_of(p, input + b * p->depth, weights_feature + f * p->depth);
                const int32_t first = (b * filters + f) * p->memory;
                if (p->state_is_wide) {
                    const int16_t *weights = (const int16_t *)weights_time + f * p->memory;
                    sum += remember_s16(p, feature, weights, (int16_t *)state + first);
                } else {
                    const int8_t *weights = (const int8_t *)weights_time + f * p->memory;
                    sum += remember_s8(p, feature, weights, (int8_t *)state + first);
                }
            }
            const int32_t stored = tg_multiply((int32_t)sum, p->requant) + p->output_zero_point;
            output[b * p->units + u] = (int8_t)tg_clamp(stored, -128, 127);
        }
    }
}
