/* SMLAD: four outputs at a time share each word of the input. */
#include "tg_fully_connected_s8.h"
#include "tg_dsp.h"

#if TG_HAS_DSP
/* Adds four products to four sums each. Loads that follow each other take one cycle each; compilers part them. */
#define TG_STEP                                                                                                        \
    "ldr %[w1], [%[weights], %[stride]]\n"                                                                             \
    "ldr %[w0], [%[weights], %[stride], lsl #1]\n"                                                                     \
    "ldr %[high], [%[input]], #4\n"                                                                                    \
    "sxtb16 %[low], %[high]\n"                                                                                         \
    "sxtb16 %[high], %[high], ror #8\n"                                                                                \
    "sxtb16 %[w], %[w1]\n"                                                                                             \
    "smlad %[s1], %[w], %[low], %[s1]\n"                                                                               \
    "sxtb16 %[w1], %[w1], ror #8\n"                                                                                    \
    "smlad %[s1], %[w1], %[high], %[s1]\n"                                                                             \
    "sxtb16 %[w], %[w0]\n"                                                                                             \
    "smlad %[s2], %[w], %[low], %[s2]\n"                                                                               \
    "sxtb16 %[w0], %[w0], ror #8\n"                                                                                    \
    "smlad %[s2], %[w0], %[high], %[s2]\n"                                                                             \
    "ldr %[w1], [%[weights], %[stride3]]\n"                                                                            \
    "ldr %[w0], [%[weights]], #4\n"                                                                                    \
    "sxtb16 %[w], %[w1]\n"                                                                                             \
    "smlad %[s3], %[w], %[low], %[s3]\n"                                                                               \
    "sxtb16 %[w1], %[w1], ror #8\n"                                                                                    \
    "smlad %[s3], %[w1], %[high], %[s3]\n"                                                                             \
    "sxtb16 %[w], %[w0]\n"                                                                                             \
    "smlad %[s0], %[w], %[low], %[s0]\n"                                                                               \
    "sxtb16 %[w0], %[w0], ror #8\n"                                                                                    \
    "smlad %[s0], %[w0], %[high], %[s0]\n"
#endif

/* Adds to four sums the products of `bytes` inputs, a multiple of 4 and not 0, with the weights that begin at `weights`
   and 1, 2 and 3 strides behind. */
TG_NEVER_INLINE void multiply(int32_t *sums, const int8_t *from, const int8_t *rows, int32_t row_bytes, int32_t bytes) {
    const int8_t *end = from + bytes;
#if TG_HAS_DSP
    /* thirteen registers are all that there are beside a frame pointer, too many for compilers to find by themselves */
    register int32_t s0 __asm__("r0") = sums[0], s1 __asm__("r1") = sums[1];
    register int32_t s2 __asm__("r2") = sums[2], s3 __asm__("r3") = sums[3];
    register const int8_t *input __asm__("r4") = from, *weights __asm__("r5") = rows;
    register int32_t stride __asm__("r6") = row_bytes, stride3 __asm__("r8") = 3 * row_bytes;
    register uint32_t w __asm__("lr") = (uint32_t)bytes & 12u;
    register uint32_t low __asm__("r9"), w0 __asm__("r11"), w1 __asm__("r12");
    register const int8_t *high __asm__("r10") = end; /* its register serves two purposes */
    /* four steps per turn; the first turn begins so late that the last one ends at the end */
    __asm__ volatile(
        "push {%[high]}\n" /* the end */
        "cmp %[w], #8\n"
        "beq 2f\n"
        "bhi 3f\n"
        "cmp %[w], #4\n"
        "beq 1f\n"
        "0:\n" TG_STEP "3:\n" TG_STEP "2:\n" TG_STEP "1:\n" TG_STEP "ldr %[w], [sp]\n"
        "cmp %[input], %[w]\n"
        "bne 0b\n"
        "add sp, sp, #4\n"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [input] "+&r"(input),
          [weights] "+&r"(weights), [w] "+&r"(w), [low] "=&r"(low), [high] "+&r"(high), [w0] "=&r"(w0), [w1] "=&r"(w1)
        : [stride] "r"(stride), [stride3] "r"(stride3)
        : "memory", "cc");
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
#else
    for (; from != end; from += 4, rows += 4) {
        const uint32_t input = tg_load_word(from), low = tg_sxtb16(input), high = tg_sxtb16_ror8(input);
        for (int32_t i = 0; i < 4; i++) {
            const uint32_t w = tg_load_word(rows + i * row_bytes);
            sums[i] = tg_smlad(tg_sxtb16_ror8(w), high, tg_smlad(tg_sxtb16(w), low, sums[i]));
        }
    }
#endif
}

/* Adds `count` products to one sum. */
static int32_t dot(int32_t sum, const int8_t *input, const int8_t *weights, int32_t count) {
    for (; count >= 4; count -= 4, input += 4, weights += 4) {
        const uint32_t x = tg_load_word(input), w = tg_load_word(weights);
        sum = tg_smlad(tg_sxtb16_ror8(w), tg_sxtb16_ror8(x), tg_smlad(tg_sxtb16(w), tg_sxtb16(x), sum));
    }
    for (int32_t i = 0; i < count; i++) {
        sum = (int32_t)((uint32_t)sum + (uint32_t)(input[i] * weights[i]));
    }
    return sum;
}

/* sum(input * (weights - zero point)) = sum(input * weights) - zero point * sum(input); wraps. */
static uint32_t correction(const tg_fully_connected_s8_params *p, const int8_t *input) {
    uint32_t sum = 0;
    for (int32_t i = 0; p->weights_zero_point != 0 && i < p->depth; i++) {
        sum += (uint32_t)(input[i] * p->weights_zero_point);
    }
    return 0u - sum;
}

TG_NEVER_INLINE int8_t requantize(const tg_fully_connected_s8_params *p, int32_t acc, const tg_requant *requant) {
    return (int8_t)tg_clamp(tg_multiply(acc, *requant) + p->output_zero_point, p->output_min, p->output_max);
}

/* Stores outputs o .. o + count - 1. */
static void store(const tg_fully_connected_s8_params *p, const int32_t *sums, int32_t o, int32_t count, uint32_t limit,
                  int8_t *output) {
    const int32_t zero_point = p->output_zero_point, step = p->requant_step;
    const int32_t *bias = p->bias + o;
    const tg_requant *requant = p->requant + o * step;
    for (int32_t i = 0; i < count; i++, requant += step) {
        if (TG_LIKELY(tg_can_rescale(*requant, bias[i], limit))) {
            output[i] = (int8_t)tg_ssat8(tg_rescale(sums[i], tg_rescaling_of(*requant, zero_point)));
        } else {
            output[i] = requantize(p, sums[i], requant);
        }
    }
}

/* One row of the input. */
static void multiply_row(const tg_fully_connected_s8_params *p, const int8_t *input, int8_t *output) {
    const int32_t depth = p->depth, whole = depth & ~3, stride = p->weights_stride, outputs = p->outputs;
    const int32_t products = p->weights_zero_point != 0 ? 2 * depth : depth; /* |weight - zero point| < 2**8 */
    const uint32_t limit = tg_rescale_limit(products, p->output_min, p->output_max);
    const uint32_t offset = correction(p, input);
    const int32_t block = outputs < 4 ? 1 : 4;
    const int32_t done = block == 4 ? whole : 0; /* inputs that multiply() takes */
    for (int32_t o = 0; o < outputs; o += block) {
        if (o > outputs - block) { /* the last block overlaps the one before it */
            o = outputs - block;
        }
        const int8_t *weights = p->weights + o * stride;
        int32_t sums[4];
        for (int32_t i = 0; i < block; i++) {
            sums[i] = (int32_t)((uint32_t)p->bias[o + i] + offset);
        }
        if (done > 0) {
            multiply(sums, input, weights, stride, done);
        }
        for (int32_t i = 0; i < block && done < depth; i++) {
            sums[i] = dot(sums[i], input + done, weights + i * stride + done, depth - done);
        }
        store(p, sums, o, block, limit, output + o);
    }
}

void tg_fully_connected_s8(const tg_fully_connected_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t b = 0; b < p->batches; b++) {
        multiply_row(p, input + b * p->depth, output + b * p->outputs);
    }
}
