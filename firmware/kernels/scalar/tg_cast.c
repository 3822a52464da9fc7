/* Portable: by way of int64, told apart for each element. */
#include "tg_cast.h"

void tg_cast(const tg_cast_params *p, const void *input, void *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row((const int8_t *)input, p->input, r);
        int8_t *out = tg_output_row((int8_t *)output, p->output, r);
        for (int32_t i = 0; i < p->row_elements; i++) {
            tg_store_integer(out, p->output_type, i, tg_integer(in, p->input_type, i));
        }
    }
}
