/* Eight channels at a time. */
#include "tg_max_pool_2d_s8.h"
#include "tg_dsp_pool.h"

/* 4 * words channels from channel `c` on. */
TG_ALWAYS_INLINE void largest(const tg_tap_walk *pixel, int32_t c, int8_t *out, int words) {
    const tg_tap_walk taps = *pixel;
    uint32_t low = 0x80808080u, high = low;
    TG_EACH_TAP(&taps, c) {
        low = tg_max_bytes(low, tg_load_word(in));
        if (words == 2) {
            high = tg_max_bytes(high, tg_load_word(in + 4));
        }
    }
    tg_store_word(out + c, low);
    if (words == 2) {
        tg_store_word(out + c + 4, high);
    }
}

static int8_t largest_one(const tg_tap_walk *taps, int32_t c) {
    int8_t largest = -128;
    TG_EACH_TAP(taps, c) {
        largest = *in > largest ? *in : largest;
    }
    return largest;
}

void tg_max_pool_2d_s8(const tg_max_pool_2d_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                       int32_t count) {
    const int32_t channels = p->channels, block = tg_pool_block(channels);
    for (int32_t r = first; r < first + count; r++) {
        tg_tap_walk taps = tg_row_taps(p, input, r, 1);
        int8_t *row = tg_output_row(output, p->output, r), *out = row;
        for (int32_t x = 0; x < p->window.output_w; x++, out += channels) {
            tg_find_columns(&taps, &p->window, x);
            for (int32_t next = 0; next < channels; next += block) {
                const int32_t c = next + block < channels ? next : channels - block;
                if (block == 8) {
                    largest(&taps, c, out, 2);
                } else if (block == 4) {
                    largest(&taps, c, out, 1);
                } else {
                    out[c] = largest_one(&taps, c);
                }
            }
        }
        tg_clamp_bytes(row, p->window.output_w * channels, p->output_min, p->output_max);
    }
}
