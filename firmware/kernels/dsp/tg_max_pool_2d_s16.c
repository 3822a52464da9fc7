/* Four channels at a time. */
#include "tg_max_pool_2d_s16.h"
#include "tg_dsp_pool.h"

/* 2 * words channels from channel `c` on. */
TG_ALWAYS_INLINE void largest(const tg_tap_walk *pixel, int32_t c, int16_t *out, int words) {
    const tg_tap_walk taps = *pixel;
    uint32_t low = 0x80008000u, high = low;
    TG_EACH_TAP(&taps, 2 * c) {
        low = tg_max_halves(low, tg_load_word(in));
        if (words == 2) {
            high = tg_max_halves(high, tg_load_word(in + 4));
        }
    }
    tg_store_word(out + c, low);
    if (words == 2) {
        tg_store_word(out + c + 2, high);
    }
}

static int16_t largest_one(const tg_tap_walk *taps) {
    int32_t largest = -32768;
    TG_EACH_TAP(taps, 0) {
        const int32_t tap = *(const int16_t *)(const void *)in;
        largest = tap > largest ? tap : largest;
    }
    return (int16_t)largest;
}

void tg_max_pool_2d_s16(const tg_max_pool_2d_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                        int32_t count) {
    const int32_t channels = p->channels, block = channels >= 4 && !TG_SMALL ? 4 : channels >= 2 ? 2 : 1;
    for (int32_t r = first; r < first + count; r++) {
        tg_tap_walk taps = tg_row_taps(p, (const int8_t *)input, r, 2);
        int16_t *row = (int16_t *)(void *)tg_output_row((int8_t *)output, p->output, r), *out = row;
        for (int32_t x = 0; x < p->window.output_w; x++, out += channels) {
            tg_find_columns(&taps, &p->window, x);
            for (int32_t next = 0; next < channels; next += block) {
                const int32_t c = next + block < channels ? next : channels - block;
                if (block == 4) {
                    largest(&taps, c, out, 2);
                } else if (block == 2) {
                    largest(&taps, c, out, 1);
                } else {
                    *out = largest_one(&taps);
                }
            }
        }
        tg_clamp_row_s16(row, p->window.output_w * channels, p->output_min, p->output_max);
    }
}
