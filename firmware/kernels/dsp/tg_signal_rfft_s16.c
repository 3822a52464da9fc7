/* A complex number is a word, its real part the lower half. */
#include "tg_signal_rfft_s16.h"
#include "tg_dsp.h"
#include "tg_fft_s16.h"

enum { HALF = 1 << 14 };

/* As tg_fft_divide: both parts times `factor`, of 16 bits, rounded. */
TG_ALWAYS_INLINE uint32_t divided(uint32_t x, uint32_t factor) {
    const int32_t re = tg_smlabb(x, factor, HALF), im = tg_smlatb(x, factor, HALF);
    return tg_pkhbt_lsl1((uint32_t)(re >> 15), (uint32_t)im);
}

/* As tg_fft_times. */
TG_ALWAYS_INLINE uint32_t times(uint32_t x, uint32_t y) {
    return tg_pkhbt_lsl1((uint32_t)(tg_smlsd(x, y, HALF) >> 15), (uint32_t)tg_smladx(x, y, HALF));
}

/* Pairs of samples, zeros behind the last. */
static void place(const tg_signal_rfft_s16_params *p, const int16_t *input, tg_fft_complex *z) {
    for (int32_t i = 0; i < p->fft.points; i++) {
        const int32_t left = p->samples - 2 * i;
        const uint32_t last = left == 1 ? (uint16_t)input[2 * i] : 0;
        tg_store_word(z + p->fft.places[i], left > 1 ? tg_load_word(input + 2 * i) : last);
    }
}

/* `span` butterflies side by side. */
TG_NEVER_INLINE void by_4(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_fft_complex *x) {
    const int32_t m = stage->span, step = 2 * stage->stride;
    const int16_t *one = p->twiddles, *two = one, *three = one;
    for (tg_fft_complex *const end = x + m; x != end; x++, one += step, two += 2 * step, three += 3 * step) {
        const uint32_t factor = 32767 / 4;
        const uint32_t a = divided(tg_load_word(x), factor);
        const uint32_t b = times(divided(tg_load_word(x + m), factor), tg_load_word(one));
        const uint32_t c = times(divided(tg_load_word(x + 2 * m), factor), tg_load_word(two));
        const uint32_t d = times(divided(tg_load_word(x + 3 * m), factor), tg_load_word(three));
        const uint32_t even = tg_sadd16(a, c), odd = tg_sadd16(b, d);
        const uint32_t across = tg_ssub16(a, c), turned = tg_ssub16(b, d);
        tg_store_word(x, tg_sadd16(even, odd));
        tg_store_word(x + m, tg_ssax(across, turned));
        tg_store_word(x + 2 * m, tg_ssub16(even, odd));
        tg_store_word(x + 3 * m, tg_sasx(across, turned));
    }
}

TG_NEVER_INLINE void by_2(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_fft_complex *x) {
    const int32_t m = stage->span, step = 2 * stage->stride;
    const int16_t *one = p->twiddles;
    for (tg_fft_complex *const end = x + m; x != end; x++, one += step) {
        const uint32_t a = divided(tg_load_word(x), 32767 / 2);
        const uint32_t b = times(divided(tg_load_word(x + m), 32767 / 2), tg_load_word(one));
        tg_store_word(x, tg_sadd16(a, b));
        tg_store_word(x + m, tg_ssub16(a, b));
    }
}

static void by_3_or_5(const tg_fft_s16 *p, const tg_fft_stage *stage, tg_fft_complex *x) {
    for (int32_t k = 0; k < stage->span; k++) {
        if (stage->radix == 3) {
            tg_fft_by_3(p, stage, x + k, k);
        } else {
            tg_fft_by_5(p, stage, x + k, k);
        }
    }
}

static void transform(const tg_fft_s16 *p, tg_fft_complex *x) {
    int32_t span = 1;
    for (int32_t s = 0; s < p->stages; s++) {
        const int32_t radix = p->radices[s], block = radix * span;
        const tg_fft_stage stage = {radix, span, p->points / block};
        for (tg_fft_complex *at = x; at != x + p->points; at += block) {
            if (radix == 4) {
                by_4(p, &stage, at);
            } else if (radix == 2) {
                by_2(p, &stage, at);
            } else {
                by_3_or_5(p, &stage, at);
            }
        }
        span = block;
    }
}

/* The spectrum of the even samples plus that of the odd ones, turned; the upper half mirrors the lower one. */
static void join(const tg_fft_s16 *p, tg_fft_complex *z) {
    const uint32_t factor = 32767 / 2, ends = divided(tg_load_word(z), factor);
    tg_fft_complex *low = z, *high = z + p->points;
    tg_store_word(low, (uint16_t)(tg_bottom(ends) + tg_top(ends)));
    tg_store_word(high, (uint16_t)(tg_bottom(ends) - tg_top(ends)));
    for (const int16_t *half = p->halves; ++low <= --high; half += 2) {
        const uint32_t mirror = tg_load_word(high), mirrored = tg_pkhbt(mirror, tg_ssub16(0, mirror));
        const uint32_t near = divided(tg_load_word(low), factor), far = divided(mirrored, factor);
        const uint32_t even = tg_sadd16(near, far), odd = times(tg_ssub16(near, far), tg_load_word(half));
        /* in the middle both are the same place, and the second counts */
        tg_store_word(low, tg_shadd16(even, odd));
        tg_store_word(high, tg_pkhbt(tg_shsub16(even, odd), tg_shsub16(odd, even)));
    }
}

void tg_signal_rfft_s16(const tg_signal_rfft_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                        int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int16_t *in = (const int16_t *)(const void *)tg_row((const int8_t *)input, p->input, r);
        tg_fft_complex *z = (tg_fft_complex *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t frame = 0; frame < p->frames; frame++, in += p->samples, z += p->fft.points + 1) {
            place(p, in, z);
            transform(&p->fft, z);
            join(&p->fft, z);
        }
    }
}
