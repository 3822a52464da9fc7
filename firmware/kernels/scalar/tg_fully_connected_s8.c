/* Portable: four outputs at a time. */
#include "tg_fully_connected_s8.h"

/* The weights of output o; those behind the last are the last's. */
static const int8_t *weights_of(const tg_fully_connected_s8_params *p, int32_t o) {
    return p->weights + (o < p->outputs ? o : p->outputs - 1) * p->weights_stride;
}

static void store(const tg_fully_connected_s8_params *p, uint32_t acc, int32_t o, int8_t *output) {
    if (o < p->outputs) {
        acc += (uint32_t)p->bias[o]; /* sums wrap as TFLite's registers do */
        const int32_t stored = tg_multiply((int32_t)acc, p->requant[o * p->requant_step]) + p->output_zero_point;
        output[o] = (int8_t)tg_clamp(stored, p->output_min, p->output_max);
    }
}

/* The sum of inputs, which a zero point of the weights adds to every output's so many times, with the other sign. */
static uint32_t excess_of(const tg_fully_connected_s8_params *p, const int8_t *input) {
    uint32_t sum = 0;
    for (int32_t i = 0; i < p->depth && p->weights_zero_point != 0; i++) {
        sum += (uint32_t)(input[i] * p->weights_zero_point);
    }
    return 0 - sum;
}

void tg_fully_connected_s8(const tg_fully_connected_s8_params *p, const int8_t *input, int8_t *output) {
    const int8_t *next = input;
    for (int32_t batch = 0; batch < p->batches; batch++, next += p->depth, output += p->outputs) {
        const uint32_t start = excess_of(p, next);
        for (int32_t o = 0; o < p->outputs; o += 4) {
            const int8_t *v = weights_of(p, o), *w = weights_of(p, o + 1);
            const int8_t *x = weights_of(p, o + 2), *y = weights_of(p, o + 3);
            uint32_t a = start, b = start, c = start, d = start;
            const int8_t *in = next;
            for (const int8_t *end = in + p->depth; in != end; in++) {
                a += (uint32_t)(*in * *v++);
                b += (uint32_t)(*in * *w++);
                c += (uint32_t)(*in * *x++);
                d += (uint32_t)(*in * *y++);
            }
            store(p, a, o, output);
            store(p, b, o + 1, output);
            store(p, c, o + 2, output);
            store(p, d, o + 3, output);
        }
    }
}
