/* Four means at a time where they are neighbours, four terms where those are. */
#include "tg_mean_s8.h"
#include "tg_dsp_bytes.h"

/* Adds to four sums the terms that lie behind `in` and its three neighbours. */
TG_NEVER_INLINE void add_neighbours(const int8_t *in, int32_t step, int32_t terms, int32_t sums[4]) {
    int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
    for (; terms > 0; terms--, in += step) {
        const uint32_t word = tg_load_word(in);
        a = tg_sxtab_0(a, word);
        b = tg_sxtab_1(b, word);
        c = tg_sxtab_2(c, word);
        d = tg_sxtab_3(d, word);
    }
    sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;
}

/* The sum of the terms behind `in`. */
TG_NEVER_INLINE int32_t sum_of_run(const int8_t *in, int32_t step, int32_t terms) {
    int32_t sum = 0;
    for (; terms >= 4 && step == 1; terms -= 4, in += 4) {
        const uint32_t word = tg_load_word(in);
        sum = tg_smlad(tg_sxtb16_ror8(word), 0x10001u, tg_smlad(tg_sxtb16(word), 0x10001u, sum));
    }
    for (; terms > 0; terms--, in += step) {
        sum += *in;
    }
    return sum;
}

/* The sums of `count` neighbours, four or one; |sum| <= 2**7 * elements < 2**31 */
static void sum_up(const tg_mean_s8_params *p, const int8_t *input, int32_t count, int32_t sums[4]) {
    sums[0] = sums[1] = sums[2] = sums[3] = 0;
    for (int32_t i = 0; i < p->reduced[0]; i++) {
        for (int32_t j = 0; j < p->reduced[1]; j++) {
            const int8_t *in = input + i * p->reduced_stride[0] + j * p->reduced_stride[1];
            if (count == 4) {
                add_neighbours(in, p->reduced_stride[2], p->reduced[2], sums);
            } else {
                sums[0] += sum_of_run(in, p->reduced_stride[2], p->reduced[2]);
            }
        }
    }
}

void tg_mean_s8(const tg_mean_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t i = 0; i < p->kept[0]; i++) {
        for (int32_t j = 0; j < p->kept[1]; j++) {
            for (int32_t k = 0; k < p->kept[2];) {
                const int8_t *in = input + i * p->kept_stride[0] + j * p->kept_stride[1] + k * p->kept_stride[2];
                const int32_t count = p->kept_stride[2] == 1 && p->kept[2] - k >= 4 ? 4 : 1;
                int32_t sums[4];
                sum_up(p, in, count, sums);
                for (int32_t n = 0; n < count; n++) {
                    const int32_t scaled = tg_multiply(sums[n] - p->zero_point_sum, p->requant);
                    *output++ = (int8_t)tg_ssat8(scaled + p->output_zero_point);
                }
                k += count;
            }
        }
    }
}
