/* Four filters at once share each word of the input; the state moves and is multiplied by words. */
#include "tg_svdf_s8.h"
#include "tg_dsp_dot.h"

/* The features of filters f .. f + 3; beyond the last filter, the last one's again. |sum| <= 2**15 * depth < 2**31 */
static void features_of(const tg_svdf_s8_params *p, const int8_t *input, const int8_t *weights, int32_t f,
                        int32_t features[4]) {
    const int32_t last = p->units * p->rank - 1;
    const int8_t *rows[4];
    uint32_t sums[4] = {0, 0, 0, 0};
    for (int32_t i = 0; i < 4; i++) {
        rows[i] = weights + (f + i < last ? f + i : last) * p->depth;
    }
    tg_dot_four(input, -p->input_zero_point, rows, p->depth, sums);
    for (int32_t i = 0; i < 4; i++) {
        features[i] = tg_multiply((int32_t)sums[i], p->feature);
    }
}

/* Takes the newest feature in and returns the sum over time, which wraps as an int32 register does. */
static uint32_t remember_s16(const tg_svdf_s8_params *p, int32_t feature, const int16_t *weights, int16_t *state) {
    int32_t sum = 0, i = 0;
    for (; p->state_zero_point == 0 && i + 2 < p->memory; i += 2) {
        const uint32_t two = tg_load_word(state + i + 1);
        tg_store_word(state + i, two);
        sum = tg_smlad(two, tg_load_word(weights + i), sum);
    }
    uint32_t total = (uint32_t)sum;
    for (; i < p->memory; i++) {
        state[i] = i + 1 < p->memory ? state[i + 1] : (int16_t)(tg_clamp(feature, -32768, 32767) + p->state_zero_point);
        total += (uint32_t)(weights[i] * (state[i] - p->state_zero_point));
    }
    return total;
}

static uint32_t remember_s8(const tg_svdf_s8_params *p, int32_t feature, const int8_t *weights, int8_t *state) {
    int32_t sum = 0, i = 0;
    for (; p->state_zero_point == 0 && i + 4 < p->memory; i += 4) {
        const uint32_t four = tg_load_word(state + i + 1), w = tg_load_word(weights + i);
        tg_store_word(state + i, four);
        sum = tg_smlad(tg_sxtb16_ror8(four), tg_sxtb16_ror8(w), tg_smlad(tg_sxtb16(four), tg_sxtb16(w), sum));
    }
    uint32_t total = (uint32_t)sum;
    for (; i < p->memory; i++) {
        state[i] = i + 1 < p->memory ? state[i + 1] : (int8_t)(tg_clamp(feature, -128, 127) + p->state_zero_point);
        total += (uint32_t)(weights[i] * (state[i] - p->state_zero_point));
    }
    return total;
}

void tg_svdf_s8(const tg_svdf_s8_params *p, const int8_t *input, const int8_t *weights_feature,
                const void *weights_time, int8_t *output, void *state) {
    const int32_t filters = p->units * p->rank;
    for (int32_t b = 0; b < p->batches; b++) {
        int32_t features[4];
        uint32_t sum = 0;
        for (int32_t f = 0, ranks = 0; f < filters; f++) {
            if (f % 4 == 0) {
                features_of(p, input + b * p->depth, weights_feature, f, features);
            }
            const int32_t first = (b * filters + f) * p->memory;
            if (p->state_is_wide) {
                const int16_t *weights = (const int16_t *)weights_time + f * p->memory;
                sum += remember_s16(p, features[f % 4], weights, (int16_t *)state + first);
            } else {
                const int8_t *weights = (const int8_t *)weights_time + f * p->memory;
                sum += remember_s8(p, features[f % 4], weights, (int8_t *)state + first);
            }
            if (++ranks == p->rank) { /* the unit is complete */
                const int32_t acc = (int32_t)(sum + (uint32_t)p->bias[f / p->rank]);
                *output++ = (int8_t)tg_clamp(tg_multiply(acc, p->requant) + p->output_zero_point, -128, 127);
                sum = 0;
                ranks = 0;
            }
        }
    }
}
