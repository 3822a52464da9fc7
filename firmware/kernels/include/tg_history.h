/* The samples of the inferences before, which continue in those of this one. */
#ifndef TG_HISTORY_H
#define TG_HISTORY_H

#include "tg_common.h"

/* Sample i of the `kept` ones in the history and those that follow it. */
static inline int16_t tg_history_at(const int16_t *history, int32_t kept, const int16_t *samples, int32_t i) {
    return i < kept ? history[i] : samples[i - kept];
}

/* Makes the history the last `kept` of its samples and the `count` that follow it. */
static inline void tg_history_push(int16_t *history, int32_t kept, const int16_t *samples, int32_t count) {
    for (int32_t i = 0; i < kept; i++) {
        history[i] = tg_history_at(history, kept, samples, i + count);
    }
}

#endif
