/* How the DSP kernels read two int8 operands that may be broadcast: by words, with or without neighbours. */
#ifndef TG_DSP_RUNS_S8_H
#define TG_DSP_RUNS_S8_H

#include "tg_dsp_bytes.h"
#include "tg_dsp_runs.h"

/* Where the elements of one run lie, part after part; `room` becomes the only part of an operand of which one element
   meets all. Where both are so, there is only one. */
TG_NEVER_INLINE const int8_t *tg_run_at(const tg_runs *runs, int operand, const int8_t *at,
                                        uint32_t room[TG_RUN_WORDS]) {
    if (runs->units[operand] != 0 || runs->length == 1) {
        return at;
    }
    for (int i = 0; i < TG_RUN_WORDS; i++) {
        room[i] = tg_four_bytes(*at);
    }
    return (const int8_t *)room;
}

#endif
