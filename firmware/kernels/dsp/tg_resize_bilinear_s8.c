/* Four channels at a time; between two pixels only, where the others weigh nothing. */
#include "tg_resize_bilinear_s8.h"
#include "tg_dsp_copy.h"

/* The pixels that an output lies between, their weights as in the header. */
typedef struct {
    const int8_t *upper_left;
    const int8_t *upper_right;
    const int8_t *lower_left;
    const int8_t *lower_right;
    int32_t right;
    int32_t lower;
} place;

/* x / 2**bits to the nearest; halves away from zero, or up for single rounding. */
TG_ALWAYS_INLINE int8_t rounded(int32_t x, int bits) {
    const int32_t down = TG_ROUNDING_SINGLE ? 0 : x >> 31;
    return (int8_t)((x + down + (1 << (bits - 1))) >> bits);
}

/* Two int16 of each of two pixels, weighted: of their lower and of their upper halves. |mix| <= 128 * 2**10 */
TG_ALWAYS_INLINE int32_t mix_lower(uint32_t a, uint32_t b, uint32_t weights) {
    return tg_smlad(tg_pkhbt_lsl16(a, b), weights, 0);
}

TG_ALWAYS_INLINE int32_t mix_upper(uint32_t a, uint32_t b, uint32_t weights) {
    return tg_smlad(tg_pkhtb_asr16(b, a), weights, 0);
}

static uint32_t weights_of(int32_t second) {
    return tg_pkhbt_lsl16((uint32_t)(1024 - second), (uint32_t)second);
}

/* Pixels of at least four channels; the last four overlap those before them. */
TG_NEVER_INLINE void mix_two(const int8_t *first, const int8_t *second, int32_t weight, int32_t channels, int8_t *out) {
    const uint32_t weights = weights_of(weight);
    for (int32_t next = 0; next < channels; next += 4) {
        const int32_t c = next + 4 < channels ? next : channels - 4;
        const uint32_t one = tg_load_word(first + c), two = tg_load_word(second + c);
        uint32_t a = tg_sxtb16(one), b = tg_sxtb16(two);
        out[c] = rounded(mix_lower(a, b, weights), 10);
        out[c + 2] = rounded(mix_upper(a, b, weights), 10);
        a = tg_sxtb16_ror8(one), b = tg_sxtb16_ror8(two);
        out[c + 1] = rounded(mix_lower(a, b, weights), 10);
        out[c + 3] = rounded(mix_upper(a, b, weights), 10);
    }
}

TG_NEVER_INLINE void mix_four(const place *at, int32_t channels, int8_t *out) {
    const uint32_t across = weights_of(at->right);
    const int32_t lower = at->lower, upper = 1024 - lower;
    for (int32_t next = 0; next < channels; next += 4) {
        const int32_t c = next + 4 < channels ? next : channels - 4;
        const uint32_t one = tg_load_word(at->upper_left + c), two = tg_load_word(at->upper_right + c);
        const uint32_t three = tg_load_word(at->lower_left + c), four = tg_load_word(at->lower_right + c);
        uint32_t a = tg_sxtb16(one), b = tg_sxtb16(two), d = tg_sxtb16(three), e = tg_sxtb16(four);
        out[c] = rounded(mix_lower(a, b, across) * upper + mix_lower(d, e, across) * lower, 20);
        out[c + 2] = rounded(mix_upper(a, b, across) * upper + mix_upper(d, e, across) * lower, 20);
        a = tg_sxtb16_ror8(one), b = tg_sxtb16_ror8(two), d = tg_sxtb16_ror8(three), e = tg_sxtb16_ror8(four);
        out[c + 1] = rounded(mix_lower(a, b, across) * upper + mix_lower(d, e, across) * lower, 20);
        out[c + 3] = rounded(mix_upper(a, b, across) * upper + mix_upper(d, e, across) * lower, 20);
    }
}

/* Pixels of few channels. */
static void mix_each(const place *at, int32_t channels, int8_t *out) {
    for (int32_t c = 0; c < channels; c++) {
        const int32_t top = at->upper_left[c] * (1024 - at->right) + at->upper_right[c] * at->right;
        const int32_t bottom = at->lower_left[c] * (1024 - at->right) + at->lower_right[c] * at->right;
        out[c] = rounded(top * (1024 - at->lower) + bottom * at->lower, 20);
    }
}

void tg_resize_bilinear_s8(const tg_resize_bilinear_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                           int32_t count) {
    const int32_t channels = p->channels;
    for (int32_t r = first; r < first + count; r++) {
        const int16_t *const y = p->rows + r % p->image.output_h * 3;
        const int8_t *const upper = tg_resize_row(input, &p->image, r, y[0]);
        const int8_t *const lower = tg_resize_row(input, &p->image, r, y[1]);
        const int is_one_row = y[2] == 0 || upper == lower;
        int8_t *out = tg_output_row(output, p->image.output, r);
        for (int32_t i = 0; i < p->image.output_w; i++, out += channels) {
            const int16_t *const x = p->columns + i * 3;
            const int32_t left = x[0] * channels, right = x[1] * channels;
            const int is_one_column = x[2] == 0 || left == right;
            const place at = {upper + left, upper + right, lower + left, lower + right, x[2], y[2]};
            if (is_one_row && is_one_column) {
                tg_copy_bytes(at.upper_left, out, channels);
            } else if (channels < 4) {
                mix_each(&at, channels, out);
            } else if (is_one_row) {
                mix_two(at.upper_left, at.upper_right, at.right, channels, out);
            } else if (is_one_column) {
                mix_two(at.upper_left, at.lower_left, at.lower, channels, out);
            } else {
                mix_four(&at, channels, out);
            }
        }
    }
}
