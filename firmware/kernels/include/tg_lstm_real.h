/* What the kernels of an LSTM share whose cells are floats. */
#ifndef TG_LSTM_REAL_H
#define TG_LSTM_REAL_H

#include "tg_lstm.h"
#include "tg_math.h"

/* Where a sequence begins, and where its outputs lie if there are others beside them. */
typedef struct {
    int32_t first;         /* the vector of the first time that is computed */
    int32_t output_step;   /* elements from one vector of the output to the next */
    int32_t output_offset; /* and from a vector's beginning to this layer's part */
} tg_lstm_way;

/* Mean 0 and variance 1. */
static inline void tg_lstm_normalize(float *sums, int32_t units) {
    float mean = 0.0f, variance = 0.0f;
    for (int32_t u = 0; u < units; u++) {
        mean += sums[u];
    }
    mean /= (float)units;
    for (int32_t u = 0; u < units; u++) {
        sums[u] -= mean;
        variance += sums[u] * sums[u];
    }
    const float factor = 1.0f / tg_sqrt(variance / (float)units + 1e-8f);
    for (int32_t u = 0; u < units; u++) {
        sums[u] *= factor;
    }
}

/* limit 0: there is none. */
static inline float tg_lstm_clip(float x, float limit) {
    return limit > 0.0f ? tg_clamp_float(x, -limit, limit) : x;
}

#endif
