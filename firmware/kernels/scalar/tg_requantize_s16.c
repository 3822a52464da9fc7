/* Portable: one element after the other. */
#include "tg_requantize_s16.h"

void tg_requantize_s16(const tg_requantize_s16_params *p, const int16_t *input, int16_t *output, int32_t first,
                       int32_t count) {
    TG_MAP(
        int16_t, int16_t,
        tg_clamp(tg_multiply(x - p->input_zero_point, p->requant) + p->output_zero_point, p->output_min, p->output_max))
}
