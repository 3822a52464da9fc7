/* How the DSP kernels read two int16 operands that may be broadcast: in runs of neighbours. */
#ifndef TG_DSP_RUNS_S16_H
#define TG_DSP_RUNS_S16_H

#include "tg_dsp_runs.h"
#include "tg_elementwise.h"

/* Elements that meet: of each operand the first, and 1, or 0 where the same one meets all. */
typedef struct {
    const int16_t *a;
    const int16_t *b;
    int32_t a_step;
    int32_t b_step;
    int32_t count;
} tg_run_s16;

/* The body of a kernel with parameters p, input1, input2, output, first, count: every run of the output's rows is
   computed by `compute`, a call with `run` and the run's outputs `out`. */
#define TG_RUNS_S16(compute)                                                                                           \
    const tg_pairs *pairs = &p->pairs;                                                                                 \
    const tg_runs runs = tg_runs_of(&pairs->input1, &pairs->input2, &pairs->extent);                                   \
    tg_run_s16 run = {input1, input2, runs.units[0], runs.units[1], runs.length};                                      \
    for (int32_t r = first; r < first + count; r++) {                                                                  \
        const int8_t *a = tg_operand_at(&pairs->input1, &pairs->extent, (const int8_t *)input1, r);                    \
        const int8_t *b = tg_operand_at(&pairs->input2, &pairs->extent, (const int8_t *)input2, r);                    \
        int16_t *out = (int16_t *)(void *)tg_output_row((int8_t *)output, pairs->output, r);                           \
        run.a = (const int16_t *)(const void *)a;                                                                      \
        run.b = (const int16_t *)(const void *)b;                                                                      \
        for (int32_t i = 0; i < runs.count; i++) {                                                                     \
            compute;                                                                                                   \
            run.a += runs.steps[0];                                                                                    \
            run.b += runs.steps[1];                                                                                    \
            out += runs.length;                                                                                        \
        }                                                                                                              \
    }

#endif
