/* SMLAD: eight inputs of a row at a time, for two outputs. */
#include "tg_dsp.h"
#include "tg_fully_connected_rows_s8.h"

#if TG_HAS_DSP
/* Adds to both sums the products with four inputs; loads that follow each other take one cycle each. */
#define FOUR                                                                                                           \
    "ldr %[x], [%[in]], #4\n"                                                                                          \
    "ldr %[v], [%[one]], #4\n"                                                                                         \
    "ldr %[w], [%[two]], #4\n"                                                                                         \
    "sxtb16 %[y], %[x], ror #8\n"                                                                                      \
    "sxtb16 %[x], %[x]\n"                                                                                              \
    "sxtb16 r12, %[v]\n"                                                                                               \
    "smlad %[a], %[x], r12, %[a]\n"                                                                                    \
    "sxtb16 %[v], %[v], ror #8\n"                                                                                      \
    "smlad %[a], %[y], %[v], %[a]\n"                                                                                   \
    "sxtb16 r12, %[w]\n"                                                                                               \
    "smlad %[b], %[x], r12, %[b]\n"                                                                                    \
    "sxtb16 %[w], %[w], ror #8\n"                                                                                      \
    "smlad %[b], %[y], %[w], %[b]\n"
#endif

/* Adds a row's products with two outputs' weights; sums wrap as TFLite's registers do. */
static void add_products(const int8_t *in, const int8_t *one, const int8_t *two, int32_t elements, uint32_t *to_one,
                         uint32_t *to_two) {
    int32_t a = (int32_t)*to_one, b = (int32_t)*to_two;
    const int8_t *const end = in + (elements & ~7);
#if TG_HAS_DSP
    uint32_t x, y, v, w;
    if (in != end) {
        __asm__ volatile("1:\n" FOUR FOUR "cmp %[in], %[end]\n"
                         "bne 1b\n"
                         : [in] "+&r"(in), [one] "+&r"(one), [two] "+&r"(two), [a] "+&r"(a), [b] "+&r"(b), [x] "=&r"(x),
                           [y] "=&r"(y), [v] "=&r"(v), [w] "=&r"(w)
                         : [end] "r"(end)
                         : "r12", "memory", "cc");
    }
#else
    for (; in != end; in += 4, one += 4, two += 4) {
        const uint32_t x = tg_load_word(in), v = tg_load_word(one), w = tg_load_word(two);
        const uint32_t even = tg_sxtb16(x), odd = tg_sxtb16_ror8(x);
        a = tg_smlad(odd, tg_sxtb16_ror8(v), tg_smlad(even, tg_sxtb16(v), a));
        b = tg_smlad(odd, tg_sxtb16_ror8(w), tg_smlad(even, tg_sxtb16(w), b));
    }
#endif
    *to_one = (uint32_t)a, *to_two = (uint32_t)b;
    for (int32_t i = 0; i < (elements & 7); i++) {
        *to_one += (uint32_t)(in[i] * one[i]);
        *to_two += (uint32_t)(in[i] * two[i]);
    }
}

void tg_fully_connected_rows_s8(const tg_fully_connected_rows_s8_params *p, const int8_t *input, int8_t *output,
                                int32_t first, int32_t count, void *scratch) {
    const tg_fully_connected_s8_params *d = &p->dense;
    uint32_t *sum = (uint32_t *)scratch;
    for (int32_t o = 0; o < d->outputs && first == 0; o++) {
        sum[o] = (uint32_t)d->bias[o];
    }
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row(input, p->input, r), *weights = d->weights + r * p->row_elements;
        uint32_t excess = 0, unused = 0; /* what the weights' zero point adds to every sum */
        for (int32_t i = 0; i < p->row_elements && d->weights_zero_point != 0; i++) {
            excess += (uint32_t)(in[i] * d->weights_zero_point);
        }
        for (int32_t o = 0; o < d->outputs; o += 2, weights += 2 * d->weights_stride) {
            const int is_last = o + 1 == d->outputs; /* the last of an odd number meets itself */
            uint32_t *const next = is_last ? &unused : &sum[o + 1];
            add_products(in, weights, is_last ? weights : weights + d->weights_stride, p->row_elements, &sum[o], next);
            sum[o] -= excess;
            *next -= excess;
        }
    }
    for (int32_t o = 0; o < d->outputs && first + count == p->rows; o++) {
        const int32_t stored = tg_multiply((int32_t)sum[o], d->requant[o * d->requant_step]) + d->output_zero_point;
        output[o] = (int8_t)tg_clamp(stored, d->output_min, d->output_max);
    }
}
