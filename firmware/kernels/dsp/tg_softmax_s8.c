/* Without 64 bits, except for one reciprocal per row. */
#include "tg_softmax_s8.h"
#include "tg_dsp_bytes.h"

/* a * b / 2**32, rounded to nearest, halves up. */
static uint32_t umull_high_rounded(uint32_t a, uint32_t b) {
    return (uint32_t)(((uint64_t)a * b + (1u << 31)) >> 32);
}

static int32_t largest_of(const int8_t *input, int32_t depth) {
    uint32_t four = 0x80808080u;
    for (; depth >= 4; depth -= 4, input += 4) {
        four = tg_max_bytes(four, tg_load_word(input));
    }
    four = tg_max_bytes(four, four >> 16);
    int32_t largest = (int8_t)(uint8_t)tg_max_bytes(four, four >> 8);
    for (int32_t i = 0; i < depth; i++) {
        largest = input[i] > largest ? input[i] : largest;
    }
    return largest;
}

/* As tg_softmax_sum: exponentials are not negative, so what saturates once stays so. */
static int32_t sum_of(const tg_softmax_rows *p, const int8_t *input, int32_t largest) {
    int32_t sum = 0;
    for (const int8_t *end = input + p->depth; input != end; input++) {
        const int32_t below = largest - *input;
        if (below < p->entries) {
            sum = tg_qadd(sum, (int32_t)(((uint32_t)p->exponentials[below] + (1u << 11)) >> 12));
        }
    }
    return sum;
}

/* reciprocal * exponential / 2**31, then / 2**shift, each rounded, halves up: both are not negative. shift: 1 .. 31. */
static int32_t probability(uint32_t twice_reciprocal, int32_t exponential, int32_t shift) {
    const uint32_t high = umull_high_rounded(twice_reciprocal, (uint32_t)exponential);
    return (int32_t)((high + (1u << (shift - 1))) >> shift);
}

static void softmax_row(const tg_softmax_rows *p, const int8_t *input, int8_t *output) {
    const int32_t largest = largest_of(input, p->depth);
    const uint32_t sum = (uint32_t)sum_of(p, input, largest);
    const int32_t zeros = tg_clz(sum);
    const uint32_t reciprocal = (uint32_t)tg_one_over_one_plus((int32_t)((sum << zeros) - 0x80000000u));
    const int32_t shift = 12 - zeros + 31 - 8;           /* 22 .. 34 */
    const int32_t entries = shift < 32 ? p->entries : 0; /* of less than 2**31, nothing is left after 32 */
    const int32_t *exponentials = p->exponentials;
    for (const int8_t *end = input + p->depth; input != end; input++) {
        const int32_t below = largest - *input;
        int32_t stored = 0;
        if (below < entries) {
            stored = probability(2 * reciprocal, exponentials[below], shift);
        }
        *output++ = (int8_t)((stored < 255 ? stored : 255) - 128);
    }
}

void tg_softmax_s8(const tg_softmax_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t r = 0; r < p->rows; r++) {
        softmax_row(p, input + r * p->depth, output + r * p->depth);
    }
}
