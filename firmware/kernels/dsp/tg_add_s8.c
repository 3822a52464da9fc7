/* Four elements at a time, without 64 bits, where both operands lie without gaps: the operand of the larger scale is
   only shifted, as its multiplier is one half. */
#include "tg_add_s8.h"
#include "tg_dsp.h"

/* What a run of elements needs, kept small for the sake of registers. */
typedef struct {
    int32_t less;       /* - zero point of the operand that is scaled */
    int32_t multiplier; /* of it */
    int32_t half;       /* 1 << (shift - 1) */
    int32_t shift;
    int32_t plain_less; /* - zero point of the other operand */
    tg_rescaling output;
} add_run;

/* less + byte `at` of a word, at 0 .. 3. */
#if TG_HAS_DSP
#define ADD_BYTE(at, turn)                                                                                             \
    TG_ALWAYS_INLINE int32_t add_byte_##at(int32_t less, uint32_t word) {                                              \
        int32_t d;                                                                                                     \
        __asm__("sxtab %0, %1, %2" turn : "=r"(d) : "r"(less), "r"(word));                                             \
        return d;                                                                                                      \
    }
#else
#define ADD_BYTE(at, turn)                                                                                             \
    TG_ALWAYS_INLINE int32_t add_byte_##at(int32_t less, uint32_t word) {                                              \
        return less + (int8_t)(uint8_t)(word >> 8 * at);                                                               \
    }
#endif
ADD_BYTE(0, "")
ADD_BYTE(1, ", ror #8")
ADD_BYTE(2, ", ror #16")
ADD_BYTE(3, ", ror #24")

/* |scaled|, |plain| <= 255, so the sum is below 2**28. is_equal: both operands have the same scale. */
TG_ALWAYS_INLINE uint32_t added(const add_run *by, int32_t scaled, int32_t plain, int is_equal) {
    int32_t sum = scaled + plain;
    if (!is_equal) {
#if TG_ROUNDING_SINGLE
        const int32_t high = tg_smmul(scaled * (1 << 21), by->multiplier);
        sum = ((high + by->half) >> by->shift) + plain * (1 << 19);
#else
        const int32_t high = tg_smmulr(scaled * (1 << 21), by->multiplier);
        sum = ((high + (high >> 31) + by->half) >> by->shift) + plain * (1 << 19);
#endif
    } else {
        sum *= 1 << 19;
    }
    return (uint32_t)tg_ssat8(tg_rescale(sum, by->output));
}

TG_ALWAYS_INLINE void add_elements(const add_run *by, const int8_t *scaled, const int8_t *plain, int8_t *out,
                                   int32_t elements, int is_equal) {
    const add_run k = *by;
    for (const int8_t *end = out + (elements & ~3); out != end; out += 4) {
        const uint32_t x = tg_load_word(scaled), y = tg_load_word(plain);
        scaled += 4;
        plain += 4;
        out[0] = (int8_t)added(&k, add_byte_0(k.less, x), add_byte_0(k.plain_less, y), is_equal);
        out[1] = (int8_t)added(&k, add_byte_1(k.less, x), add_byte_1(k.plain_less, y), is_equal);
        out[2] = (int8_t)added(&k, add_byte_2(k.less, x), add_byte_2(k.plain_less, y), is_equal);
        out[3] = (int8_t)added(&k, add_byte_3(k.less, x), add_byte_3(k.plain_less, y), is_equal);
    }
    for (int32_t rest = elements & 3; rest > 0; rest--) {
        *out++ = (int8_t)added(&k, k.less + *scaled++, k.plain_less + *plain++, is_equal);
    }
}

/* Any operands and scales. */
static int32_t scaled(int32_t x, int32_t zero_point, tg_requant requant) {
    return tg_multiply((x - zero_point) * (1 << 20), requant);
}

static void add_any(const tg_add_s8_params *p, const int8_t *a, const int8_t *b, int8_t *out) {
    for (int32_t x = 0; x < p->extent.columns; x++) {
        for (int32_t c = 0; c < p->extent.channels; c++) {
            const int32_t sum = scaled(a[c * p->input1.channel_step], p->input1_zero_point, p->input1_requant) +
                                scaled(b[c * p->input2.channel_step], p->input2_zero_point, p->input2_requant);
            const int32_t stored = tg_multiply(sum, p->output_requant) + p->output_zero_point;
            *out++ = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
        }
        a += p->input1.column_step;
        b += p->input2.column_step;
    }
}

static int is_half(tg_requant requant) {
    return requant.multiplier == 1 << 30 && requant.shift == 0;
}

/* Whether a row of the operand is one run that meets the output's. */
static int is_run(const tg_operand *operand, const tg_extent *extent) {
    return operand->channel_step == 1 && (extent->columns == 1 || operand->column_step == extent->channels);
}

void tg_add_s8(const tg_add_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    const int is_1_plain = is_half(p->input1_requant), is_equal = is_1_plain && is_half(p->input2_requant);
    const tg_requant scale = is_1_plain ? p->input2_requant : p->input1_requant;
    const int32_t z1 = p->input1_zero_point, z2 = p->input2_zero_point;
    const uint32_t limit = tg_rescale_limit(0, p->output_min, p->output_max);
    const int is_fast = (is_1_plain || is_half(p->input2_requant)) && is_run(&p->input1, &p->extent) &&
                        is_run(&p->input2, &p->extent) && tg_can_rescale(p->output_requant, 0, limit) &&
                        (is_equal || (scale.shift < 0 && scale.shift > -30));
    add_run by = {0, 0, 0, 0, 0, {0, 0, 0}};
    if (is_fast) {
        const add_run ready = {
            is_1_plain ? -z2 : -z1, scale.multiplier,       is_equal ? 0 : (int32_t)(1u << (-scale.shift - 1)),
            -scale.shift,           is_1_plain ? -z1 : -z2, tg_rescaling_of(p->output_requant, p->output_zero_point)};
        by = ready;
    }
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *a = tg_row(input1, p->input1.ring, tg_operand_row(&p->input1, &p->extent, r));
        const int8_t *b = tg_row(input2, p->input2.ring, tg_operand_row(&p->input2, &p->extent, r));
        int8_t *out = tg_output_row(output, p->output, r);
        const int32_t elements = p->extent.columns * p->extent.channels;
        if (!is_fast) {
            add_any(p, a, b, out);
        } else if (is_equal) {
            add_elements(&by, a, b, out, elements, 1); /* less and plain_less in any order: only their sum counts */
        } else if (is_1_plain) {
            add_elements(&by, b, a, out, elements, 0);
        } else {
            add_elements(&by, a, b, out, elements, 0);
        }
    }
}
