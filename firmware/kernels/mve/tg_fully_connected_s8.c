/* Helium: four outputs at a time. */
#include "tg_fully_connected_s8.h"
#include "tg_mve.h"

/* -weights_zero_point * sum(input), which every output of a batch has in common. */
static int32_t offset_of(const tg_fully_connected_s8_params *p, const int8_t *input) {
    int32_t sum = 0;
    for (int32_t i = 0; i < p->depth && p->weights_zero_point != 0; i++) {
        sum += input[i];
    }
    return (int32_t)((uint32_t)sum * (uint32_t)-p->weights_zero_point);
}

void tg_fully_connected_s8(const tg_fully_connected_s8_params *p, const int8_t *input, int8_t *output) {
    const tg_mve_output out = {p->requant, p->requant_step, p->output_zero_point, p->output_min, p->output_max};
    const int32_t stride = p->weights_stride;
    for (int32_t b = 0; b < p->batches; b++, input += p->depth, output += p->outputs) {
        const int32_t offset = offset_of(p, input);
        const int8_t *weights = p->weights;
        int32_t o = 0;
        for (; o + 4 <= p->outputs; o += 4, weights += 4 * stride) {
            const int32x4_t sum = vaddq_n_s32(tg_mve_dot4(input, weights, stride, p->depth), offset);
            tg_mve_store4(&out, vaddq_s32(sum, vldrwq_s32(p->bias + o)), o, output + o);
        }
        const int32_t lanes = p->outputs - o;
        if (lanes > 0) {
            const int32x4_t sum = vaddq_n_s32(tg_mve_dot(input, weights, stride, p->depth, lanes), offset);
            const int32x4_t bias = vldrwq_z_s32(p->bias + o, vctp32q((uint32_t)lanes));
            tg_mve_store(&out, vaddq_s32(sum, bias), o, lanes, output + o);
        }
    }
}
