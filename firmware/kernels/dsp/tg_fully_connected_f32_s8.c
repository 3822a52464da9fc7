/* Four outputs at a time share each word of the row. */
#include "tg_fully_connected_f32_s8.h"
#include "tg_dsp_dot.h"
#include "tg_dsp_hybrid.h"

void tg_fully_connected_f32_s8(const tg_fully_connected_f32_s8_params *p, const float *input, float *output,
                               void *scratch) {
    int8_t *row = (int8_t *)scratch;
    for (int32_t b = 0; b < p->batches; b++) {
        const tg_hybrid_scale scale = tg_hybrid_quantize_fast(input + b * p->depth, p->depth, p->symmetric, row);
        for (int32_t o = 0; o < p->outputs; o += 4) {
            const int32_t count = p->outputs - o < 4 ? p->outputs - o : 4;
            const int8_t *rows[4];
            uint32_t sums[4] = {0, 0, 0, 0};  /* |sum| <= depth * 255 * 2**7 < 2**31 */
            for (int32_t i = 0; i < 4; i++) { /* what is too much of the last ones is computed again */
                rows[i] = p->weights + (o + (i < count ? i : count - 1)) * p->depth;
            }
            tg_dot_four(row, -scale.zero_point, rows, p->depth, sums);
            for (int32_t i = 0; i < count; i++) {
                const float real = (float)(int32_t)sums[i] * (scale.scale * p->scale[(o + i) * p->scale_step]);
                *output++ = tg_clamped(real + p->bias[o + i], p->output_min, p->output_max);
            }
        }
    }
}
