/* Four elements at a time. */
#include "tg_extremum_s8.h"
#include "tg_dsp_runs_s8.h"

static uint32_t extremes(uint32_t x, uint32_t y, int32_t is_maximum) {
    return is_maximum ? tg_max_bytes(x, y) : tg_min_bytes(x, y);
}

TG_NEVER_INLINE void choose(const int8_t *a, const int8_t *b, int8_t *out, int32_t count, int32_t is_maximum) {
    for (; count >= 4; count -= 4, a += 4, b += 4, out += 4) {
        tg_store_word(out, extremes(tg_load_word(a), tg_load_word(b), is_maximum));
    }
    for (; count > 0; count--) {
        *out++ = (int8_t)(uint8_t)extremes((uint8_t)*a++, (uint8_t)*b++, is_maximum);
    }
}

void tg_extremum_s8(const tg_extremum_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output,
                    int32_t first, int32_t count) {
    const tg_pairs *pairs = &p->pairs;
    const tg_runs runs = tg_runs_of(&pairs->input1, &pairs->input2, &pairs->extent);
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *a = tg_operand_at(&pairs->input1, &pairs->extent, input1, r);
        const int8_t *b = tg_operand_at(&pairs->input2, &pairs->extent, input2, r);
        int8_t *out = tg_output_row(output, pairs->output, r);
        for (int32_t i = 0; i < runs.count; i++, a += runs.steps[0], b += runs.steps[1], out += runs.length) {
            uint32_t room[TG_RUN_WORDS];
            const int8_t *x = tg_run_at(&runs, 0, a, room), *y = tg_run_at(&runs, 1, b, room);
            for (int32_t at = 0; at < runs.length; at += runs.part) {
                const int32_t elements = tg_part_at(&runs, at);
                choose(x, y, out + at, elements, p->is_maximum);
                x += elements * runs.units[0];
                y += elements * runs.units[1];
            }
        }
    }
}
