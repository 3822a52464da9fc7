/* Eight channels at a time, in sums of 16 bits; one reciprocal serves all channels of a pixel. */
#include "tg_average_pool_2d_s8.h"
#include "tg_dsp_mean.h"
#include "tg_dsp_pool.h"

/* The means of four channels from their sums: of 0 and 2, and of 1 and 3. */
static uint32_t four_means(uint32_t even, uint32_t odd, tg_taps_mean mean) {
    const uint32_t a = tg_mean_plus_128(even & 0xffffu, mean), b = tg_mean_plus_128(odd & 0xffffu, mean);
    const uint32_t c = tg_mean_plus_128(even >> 16, mean), d = tg_mean_plus_128(odd >> 16, mean);
    return (a | b << 8 | c << 16 | d << 24) ^ 0x80808080u;
}

/* 4 * words channels from channel `c` on. */
TG_ALWAYS_INLINE void means(const tg_tap_walk *pixel, tg_taps_mean mean, int32_t c, int8_t *out, int words) {
    const tg_tap_walk taps = *pixel;
    uint32_t even = mean.start * 0x10001u, odd = even, even2 = even, odd2 = even;
    TG_EACH_TAP(&taps, c) {
        const uint32_t low = tg_load_word(in);
        even = tg_sxtab16(even, low);
        odd = tg_sxtab16_ror8(odd, low);
        if (words == 2) {
            const uint32_t high = tg_load_word(in + 4);
            even2 = tg_sxtab16(even2, high);
            odd2 = tg_sxtab16_ror8(odd2, high);
        }
    }
    tg_store_word(out + c, four_means(even, odd, mean));
    if (words == 2) {
        tg_store_word(out + c + 4, four_means(even2, odd2, mean));
    }
}

/* |sum| <= 2**7 * taps < 2**31 */
static int8_t mean_of_one(const tg_tap_walk *taps, int32_t c) {
    const int32_t count = taps->rows * taps->columns;
    int32_t sum = 0;
    TG_EACH_TAP(taps, c) {
        sum += *in;
    }
    return (int8_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
}

void tg_average_pool_2d_s8(const tg_average_pool_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                           int32_t count) {
    const int32_t channels = p->channels;
    for (int32_t r = first; r < first + count; r++) {
        tg_tap_walk taps = tg_row_taps(p, input, r, 1);
        int8_t *row = tg_output_row(output, p->output, r), *out = row;
        for (int32_t x = 0; x < p->window.output_w; x++, out += channels) {
            tg_find_columns(&taps, &p->window, x);
            const int32_t number = taps.rows * taps.columns, block = number > 256 ? 1 : tg_pool_block(channels);
            tg_taps_mean mean = {0, 0, 0};
            if (block > 1) {
                mean = tg_taps_mean_of(number);
            }
            for (int32_t next = 0; next < channels; next += block) {
                const int32_t c = next + block < channels ? next : channels - block;
                if (block == 8) {
                    means(&taps, mean, c, out, 2);
                } else if (block == 4) {
                    means(&taps, mean, c, out, 1);
                } else {
                    out[c] = mean_of_one(&taps, c);
                }
            }
        }
        tg_clamp_bytes(row, p->window.output_w * channels, p->output_min, p->output_max);
    }
}
