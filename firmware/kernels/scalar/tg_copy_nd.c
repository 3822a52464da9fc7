/* Portable: byte by byte. */
#include "tg_copy_nd.h"

static void copy_runs(const tg_copy_nd_params *p, const uint8_t *in, uint8_t *out) {
    const int32_t times = p->times[5], run_bytes = p->run_bytes;
    for (int32_t i = 0; i < times; i++) {
        for (int32_t b = 0; b < run_bytes; b++) {
            out[b] = in[b];
        }
        if (i + 1 < times) { /* no pointer ever leaves its array */
            in += p->input_steps[5];
            out += p->output_steps[5];
        }
    }
}

void tg_copy_nd(const tg_copy_nd_params *p, const void *input, void *output) {
    const uint8_t *const in = (const uint8_t *)input;
    uint8_t *const out = (uint8_t *)output;
    int32_t at[5] = {0, 0, 0, 0, 0};
    int32_t from = p->input_first, to = p->output_first;
    for (int axis = 4; axis >= 0;) {
        copy_runs(p, in + from, out + to);
        for (axis = 4; axis >= 0; axis--) {
            from += p->input_steps[axis];
            to += p->output_steps[axis];
            if (++at[axis] < p->times[axis]) {
                break;
            }
            from -= p->times[axis] * p->input_steps[axis];
            to -= p->times[axis] * p->output_steps[axis];
            at[axis] = 0;
        }
    }
}
