/* Portable: two outputs at a time. */
#include "tg_fully_connected_s8.h"

static int8_t store(const tg_fully_connected_s8_params *p, uint32_t acc, int32_t o) {
    const int32_t stored = tg_multiply((int32_t)acc, p->requant[o * p->requant_step]) + p->output_zero_point;
    return (int8_t)tg_clamp(stored, p->output_min, p->output_max);
}

void tg_fully_connected_s8(const tg_fully_connected_s8_params *p, const int8_t *input, int8_t *output) {
    const int32_t depth = p->depth;
    for (int32_t b = 0; b < p->batches; b++) {
        uint32_t excess = 0; /* what the weights' zero point adds to every sum */
        for (int32_t i = 0; i < depth && p->weights_zero_point != 0; i++) {
            excess += (uint32_t)(input[i] * p->weights_zero_point);
        }
        for (int32_t o = 0; o < p->outputs; o += 2) {
            const int32_t next = o + 1 < p->outputs ? o + 1 : o; /* the last of an odd number meets itself */
            const int8_t *weights = p->weights + o * p->weights_stride, *other = p->weights + next * p->weights_stride;
            uint32_t acc = (uint32_t)p->bias[o] - excess; /* sums wrap as TFLite's registers do */
            uint32_t other_acc = (uint32_t)p->bias[next] - excess;
            for (int32_t i = 0; i < depth; i++) {
                acc += (uint32_t)(input[i] * weights[i]);
                other_acc += (uint32_t)(input[i] * other[i]);
            }
            *output++ = store(p, acc, o);
            if (next != o) {
                *output++ = store(p, other_acc, next);
            }
        }
        input += depth;
    }
}
