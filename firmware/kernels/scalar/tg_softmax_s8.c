/* Portable: exponentials from a table, one fixed-point reciprocal per row. */
#include "tg_softmax_s8.h"

/* round(a * b / 2**31), halves up; a and b are not both -2**31. */
static int32_t high_mul(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

static int32_t saturate(int64_t x) {
    return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : (int32_t)x;
}

/* round(x / 2**exponent), halves away from zero; exponent 0 .. 62. */
static int32_t rounding_shift(int64_t x, int32_t exponent) {
    const int64_t mask = ((int64_t)1 << exponent) - 1;
    const int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (int32_t)((x >> exponent) + ((x & mask) > threshold ? 1 : 0));
}

/* 1 / (1 + x) in Q0.31 for x of Q0.31 in [0, 1): three Newton steps from 48/17 - 32/17 * (1 + x) / 2, in Q2.29. */
static int32_t one_over_one_plus(int32_t x) {
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) >> 1); /* (1 + x) / 2 */
    int32_t result = 1515870810 + high_mul(half, -1010580540);
    for (int i = 0; i < 3; i++) {
        const int32_t error = (1 << 29) - high_mul(half, result);
        result += saturate((int64_t)high_mul(result, error) * 4);
    }
    return saturate((int64_t)result * 2);
}

static void softmax_row(const tg_softmax_s8_params *p, const int8_t *input, int8_t *output) {
    int32_t largest = -128;
    for (int32_t i = 0; i < p->depth; i++) {
        largest = input[i] > largest ? input[i] : largest;
    }
    int64_t sum = 0; /* Q12.19 */
    for (int32_t i = 0; i < p->depth; i++) {
        const int32_t below = largest - input[i];
        sum += below < p->entries ? rounding_shift(p->exponentials[below], 12) : 0;
    }
    /* The largest element adds 2**19, so sum > 0; 4096 or more such elements saturate. */
    uint32_t normal = (uint32_t)saturate(sum);
    int32_t zeros = 0;
    while ((normal & 0x80000000u) == 0) {
        normal <<= 1;
        zeros++;
    }
    const int32_t reciprocal = one_over_one_plus((int32_t)(normal - 0x80000000u));
    const int32_t exponent = 12 - zeros + 31 - 8; /* 22 .. 34 */
    for (int32_t i = 0; i < p->depth; i++) {
        const int32_t below = largest - input[i];
        int32_t stored = -128;
        if (below < p->entries) {
            stored += rounding_shift(high_mul(reciprocal, p->exponentials[below]), exponent);
        }
        output[i] = (int8_t)tg_clamp(stored, -128, 127);
    }
}

void tg_softmax_s8(const tg_softmax_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t r = 0; r < p->rows; r++) {
        softmax_row(p, input + r * p->depth, output + r * p->depth);
    }
}
