/* Portable: exponentials from a table, one fixed-point logarithm per row. */
#include "tg_log_softmax_s8.h"

/* log(x) for x >= 1, from Q12.19 to Q5.26: x = r * 2**z with r around 2**(-1/4), and a rational function of r. */
static int32_t log_q5(int32_t x) {
    const int32_t log_2 = 1488522236, fourth_root_half = 1805811301, root_half = 1518500250, quarter = 1 << 23;
    const int32_t zeros_a = tg_leading_zeros((uint32_t)x);
    const int32_t zeros_b = tg_leading_zeros((uint32_t)tg_high_mul(x, root_half)) - 1;
    /* r in [sqrt(1/2), 1) from x itself or from x * sqrt(1/2), whichever is nearer; z in Q6.25 */
    const int32_t r_a = tg_saturate((int64_t)tg_high_mul(x << (zeros_a - 1), root_half) * 2);
    const int32_t r_b = tg_saturate((int64_t)x << zeros_b);
    const int32_t z_a = (12 - zeros_a) * (1 << 25) + quarter;
    const int32_t z_b = (12 - zeros_b) * (1 << 25) - quarter;
    const int32_t r = r_a < r_b ? r_a : r_b, z = z_a > z_b ? z_a : z_b;
    const int32_t p = (int32_t)(((int64_t)r + fourth_root_half + 1) / 2);
    const int32_t q = 2 * (r - fourth_root_half), q2 = tg_high_mul(q, q);
    const int32_t numerator = tg_high_mul(q, r) + tg_high_mul(tg_high_mul(q, q2), 117049297);
    const int32_t factor = 1057819769 + q + tg_high_mul(127690142, q2);
    const int32_t reciprocal = tg_one_over_one_plus(tg_high_mul(p, factor) + tg_high_mul(638450708, q));
    const int32_t sum = tg_high_mul(z, log_2) + tg_high_mul(tg_rounding_shift(numerator, 6), reciprocal);
    return tg_saturate((int64_t)sum * 2);
}

static void log_softmax_row(const tg_log_softmax_s8_params *p, const int8_t *input, int8_t *output) {
    const int32_t largest = tg_softmax_largest(input, p->softmax.depth);
    const int32_t log_sum = log_q5(tg_softmax_sum(&p->softmax, input, largest));
    for (int32_t i = 0; i < p->softmax.depth; i++) {
        const int32_t below = largest - input[i];
        int32_t stored = -128;
        if (below < p->softmax.entries) {
            stored = tg_rounding_shift((int64_t)p->differences[below] - log_sum, 22) + 127;
        }
        output[i] = (int8_t)tg_clamp(stored, -128, 127);
    }
}

void tg_log_softmax_s8(const tg_log_softmax_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t r = 0; r < p->softmax.rows; r++) {
        log_softmax_row(p, input + r * p->softmax.depth, output + r * p->softmax.depth);
    }
}
