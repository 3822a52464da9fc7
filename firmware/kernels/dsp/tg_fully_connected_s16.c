/* Two outputs at a time. */
#include "tg_fully_connected_s16.h"
#include "tg_dsp_wide.h"

static int16_t stored(const tg_fully_connected_s16_params *p, int64_t acc, int32_t o) {
    const int32_t result = tg_wide_or_narrow_multiply(acc, p->requant[o * p->requant_step], p->narrow);
    return (int16_t)tg_clamp(result, p->output_min, p->output_max);
}

void tg_fully_connected_s16(const tg_fully_connected_s16_params *p, const int16_t *input, int16_t *output) {
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t o = 0; o < p->outputs; o += 2) {
            const int32_t next = o + 1 < p->outputs ? o + 1 : o;
            int64_t sums[2] = {p->bias[o], p->bias[next]};
            tg_wide_dot_two(input, p->weights + o * p->depth, p->weights + next * p->depth, p->depth, sums);
            output[o] = stored(p, sums[0], o);
            output[next] = stored(p, sums[next - o], next);
        }
        input += p->depth;
        output += p->outputs;
    }
}
