/* How the DSP kernels read two operands that may be broadcast: in runs of neighbours. */
#ifndef TG_DSP_RUNS_H
#define TG_DSP_RUNS_H

#include "tg_broadcast.h"
#include "tg_dsp.h"

/* Words that hold one element again and again, as many as are worth their loop's beginning and end. */
#define TG_RUN_WORDS 8

/* A row of the output is `count` runs of `length` elements, of which `part` are computed at a time. */
typedef struct {
    int32_t count;
    int32_t length;
    int32_t part;
    int32_t steps[2]; /* of each operand: elements from one run to the next */
    int32_t units[2]; /* elements from one element of a run to the next: 1, or 0 where the same one meets all */
} tg_runs;

static inline tg_runs tg_runs_of(const tg_operand *a, const tg_operand *b, const tg_extent *extent) {
    const int32_t columns = extent->columns, channels = extent->channels;
    tg_runs runs = {columns, channels, 0, {a->column_step, b->column_step}, {a->channel_step, b->channel_step}};
    int is_one = 1;
    for (int i = 0; i < 2; i++) {
        if (channels == 1) { /* neighbours are then columns */
            runs.units[i] = runs.steps[i];
        }
        is_one = is_one && (columns == 1 || runs.steps[i] == channels * runs.units[i]);
    }
    if (is_one) {
        runs.count = 1;
        runs.length = columns * channels;
    }
    runs.part = runs.units[0] != 0 && runs.units[1] != 0 ? runs.length : 4 * TG_RUN_WORDS;
    return runs;
}

/* Where the operand's row begins that meets row `row` of the output. */
TG_NEVER_INLINE const int8_t *tg_operand_at(const tg_operand *operand, const tg_extent *extent, const int8_t *base,
                                            int32_t row) {
    return tg_row(base, operand->ring, tg_operand_row(operand, extent, row));
}

/* How many elements the part that begins at element `at` has. */
static inline int32_t tg_part_at(const tg_runs *runs, int32_t at) {
    return runs->length - at < runs->part ? runs->length - at : runs->part;
}

#endif
