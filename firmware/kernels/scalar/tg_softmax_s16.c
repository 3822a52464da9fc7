/* Portable: a row's exponentials are kept where its output will be. */
#include "tg_softmax_s16.h"

/* The table of 512 steps at x, -2**15 .. 2**15 - 1, with rounding. */
static int32_t interpolated(const int16_t *table, int32_t x) {
    const int16_t *entry = table + 256 + (x >> 7);
    return entry[0] + (((entry[1] - entry[0]) * (x & 127) + 64) >> 7);
}

static void softmax_row(const tg_softmax_s16_params *p, const int16_t *input, int16_t *output) {
    int32_t largest = -32768, sum = 0;
    for (int32_t i = 0; i < p->depth; i++) {
        largest = input[i] > largest ? input[i] : largest;
    }
    for (int32_t i = 0; i < p->depth; i++) {
        const int32_t scaled = tg_multiply(input[i] - largest, p->requant);
        output[i] = (int16_t)interpolated(p->exponentials, tg_clamp(scaled, -65535, 0) + 32767);
        sum += output[i]; /* the largest element's is 2**15 - 1 */
    }
    const int32_t zeros = tg_leading_zeros((uint32_t)sum);
    const int32_t normal = (int32_t)((((int64_t)sum << (zeros - 1)) + (1 << 13)) >> 14); /* 2**16 .. 2**17 */
    const int32_t reciprocal = interpolated(p->reciprocals, tg_clamp(normal - (1 << 15) - (1 << 16), -32768, 32767));
    const int32_t shift = 31 - zeros;
    for (int32_t i = 0; i < p->depth; i++) {
        output[i] = (int16_t)tg_clamp((output[i] * reciprocal + (1 << (shift - 1))) >> shift, 0, 32767);
    }
}

void tg_softmax_s16(const tg_softmax_s16_params *p, const int16_t *input, int16_t *output) {
    for (int32_t r = 0; r < p->rows; r++) {
        softmax_row(p, input + r * p->depth, output + r * p->depth);
    }
}
