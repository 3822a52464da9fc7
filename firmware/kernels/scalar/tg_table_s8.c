/* Portable: one element after the other. */
#include "tg_table_s8.h"

void tg_table_s8(const tg_table_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row(input, p->input, r);
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t i = 0; i < p->row_elements; i++) {
            out[i] = p->table[in[i] + 128];
        }
    }
}
