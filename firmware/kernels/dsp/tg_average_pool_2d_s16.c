/* Two channels at a time. */
#include "tg_average_pool_2d_s16.h"
#include "tg_dsp_pool.h"

static int16_t mean_of(int32_t sum, int32_t taps) {
    return (int16_t)((sum > 0 ? sum + taps / 2 : sum - taps / 2) / taps);
}

/* Two channels from channel `c` on; |sum| <= 2**15 * taps, and a window has at most 2**15 taps (see the op). */
static void means(const tg_tap_walk *pixel, int32_t c, int16_t *out) {
    const tg_tap_walk taps = *pixel;
    int32_t one = 0, two = 0;
    TG_EACH_TAP(&taps, 2 * c) {
        const uint32_t word = tg_load_word(in);
        one += tg_bottom(word);
        two += tg_top(word);
    }
    out[c] = mean_of(one, taps.rows * taps.columns);
    out[c + 1] = mean_of(two, taps.rows * taps.columns);
}

static int16_t mean_of_one(const tg_tap_walk *taps) {
    int32_t sum = 0;
    TG_EACH_TAP(taps, 0) {
        sum += *(const int16_t *)(const void *)in;
    }
    return mean_of(sum, taps->rows * taps->columns);
}

void tg_average_pool_2d_s16(const tg_average_pool_2d_s16_params *p, const int16_t *input, int16_t *output,
                            int32_t first, int32_t count) {
    const int32_t channels = p->channels;
    for (int32_t r = first; r < first + count; r++) {
        tg_tap_walk taps = tg_row_taps(p, (const int8_t *)input, r, 2);
        int16_t *row = (int16_t *)(void *)tg_output_row((int8_t *)output, p->output, r), *out = row;
        for (int32_t x = 0; x < p->window.output_w; x++, out += channels) {
            tg_find_columns(&taps, &p->window, x);
            if (channels == 1) {
                *out = mean_of_one(&taps);
            }
            for (int32_t next = 0; next < channels && channels > 1; next += 2) {
                means(&taps, next + 2 < channels ? next : channels - 2, out);
            }
        }
        tg_clamp_row_s16(row, p->window.output_w * channels, p->output_min, p->output_max);
    }
}
