/* Portable: types are told apart for each element. */
#include "tg_requantize.h"

static void store(int8_t *row, int32_t type, int32_t i, int32_t value) {
    if (type == TG_S8 || type == TG_U8) {
        row[i] = (int8_t)value;
    } else if (type == TG_S16 || type == TG_U16) {
        ((int16_t *)(void *)row)[i] = (int16_t)value;
    } else {
        ((int32_t *)(void *)row)[i] = value;
    }
}

/* Differences and sums wrap as int32 registers do. */
void tg_requantize(const tg_requantize_params *p, const void *input, void *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row((const int8_t *)input, p->map.input, r);
        int8_t *out = tg_output_row((int8_t *)output, p->map.output, r);
        for (int32_t i = 0; i < p->map.row_elements; i++) {
            const uint32_t x = (uint32_t)tg_integer(in, p->input_type, i) - (uint32_t)p->input_zero_point;
            const uint32_t scaled = (uint32_t)tg_multiply((int32_t)x, p->requant);
            const int32_t stored = (int32_t)(scaled + (uint32_t)p->output_zero_point);
            store(out, p->output_type, i, tg_clamp(stored, p->output_min, p->output_max));
        }
    }
}
