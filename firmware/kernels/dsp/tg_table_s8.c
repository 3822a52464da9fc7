/* Four elements at a time. */
#include "tg_table_s8.h"
#include "tg_dsp.h"

void tg_table_s8(const tg_table_s8_params *p, const int8_t *input, int8_t *output, int32_t first, int32_t count) {
    const int8_t *table = p->table;
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *in = tg_row(input, p->input, r);
        int8_t *out = tg_output_row(output, p->output, r);
        for (const int8_t *end = out + (p->row_elements & ~3); out != end; in += 4, out += 4) {
            const uint32_t four = tg_load_word(in) ^ 0x80808080u; /* each + 128 */
            const int8_t a = table[four & 0xffu], b = table[four >> 8 & 0xffu];
            const int8_t c = table[four >> 16 & 0xffu], d = table[four >> 24];
            out[0] = a;
            out[1] = b;
            out[2] = c;
            out[3] = d;
        }
        for (int32_t rest = p->row_elements & 3; rest > 0; rest--) {
            *out++ = table[*in++ + 128];
        }
    }
}
