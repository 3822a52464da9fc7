/* Runs of 1, 2 and 4 bytes without a loop of their own, longer ones by words. */
#include "tg_copy_nd.h"
#include "tg_dsp_copy.h"

/* bytes: 1, 2, 4, or 0 for a run of `any`. */
TG_ALWAYS_INLINE void copy_run(const uint8_t *in, uint8_t *out, int32_t bytes, int32_t any) {
    if (bytes == 1) {
        *out = *in;
    } else if (bytes == 2) {
        const uint8_t low = in[0], high = in[1];
        out[0] = low;
        out[1] = high;
    } else if (bytes == 4) {
        tg_store_word(out, tg_load_word(in));
    } else {
        tg_copy_bytes(in, out, any);
    }
}

/* The innermost loop; no pointer ever leaves its array. */
TG_ALWAYS_INLINE void copy_runs(const tg_copy_nd_params *p, const uint8_t *in, uint8_t *out, int32_t bytes) {
    const int32_t from = p->input_steps[5], to = p->output_steps[5];
    int32_t times = p->times[5];
#if !TG_SMALL
    for (; times > 4 && bytes > 0; times -= 4, in += 4 * from, out += 4 * to) {
        copy_run(in, out, bytes, 0);
        copy_run(in + from, out + to, bytes, 0);
        copy_run(in + 2 * from, out + 2 * to, bytes, 0);
        copy_run(in + 3 * from, out + 3 * to, bytes, 0);
    }
#endif
    for (; times > 1; times--, in += from, out += to) {
        copy_run(in, out, bytes, p->run_bytes);
    }
    if (times > 0) {
        copy_run(in, out, bytes, p->run_bytes);
    }
}

static void copy_innermost(const tg_copy_nd_params *p, const uint8_t *in, uint8_t *out) {
    if (p->run_bytes == 1) {
        copy_runs(p, in, out, 1);
    } else if (p->run_bytes == 2) {
        copy_runs(p, in, out, 2);
    } else if (p->run_bytes == 4) {
        copy_runs(p, in, out, 4);
    } else {
        copy_runs(p, in, out, 0);
    }
}

void tg_copy_nd(const tg_copy_nd_params *p, const void *input, void *output) {
    const uint8_t *const in = (const uint8_t *)input;
    uint8_t *const out = (uint8_t *)output;
    int32_t at[5] = {0, 0, 0, 0, 0};
    int32_t from = p->input_first, to = p->output_first;
    for (int axis = 4; axis >= 0;) {
        copy_innermost(p, in + from, out + to);
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
