/* What the kernels share that make one value of many along some dimensions: where the input elements lie. */
#ifndef TG_REDUCE_H
#define TG_REDUCE_H

#include "tg_common.h"

#define TG_REDUCE_SUM 0
#define TG_REDUCE_PRODUCT 1
#define TG_REDUCE_MAX 2
#define TG_REDUCE_MIN 3
#define TG_REDUCE_MEAN 4

/* Dimensions, outer first, neighbours merged; 1 where there are fewer. */
typedef struct {
    int32_t sizes[3];
    int32_t strides[3]; /* elements from one to the next in the input */
} tg_reduce_runs;

typedef struct {
    tg_reduce_runs kept;
    tg_reduce_runs reduced;
    int32_t outputs; /* the product of what is kept */
    int32_t terms;   /* the product of what is reduced */
} tg_reduce;

/* Counts the three dimensions of `at` on by one element; returns how far that is in the input. */
static inline int32_t tg_reduce_step(const tg_reduce_runs *runs, int32_t at[3]) {
    int32_t step = runs->strides[2];
    if (++at[2] == runs->sizes[2]) {
        at[2] = 0;
        step += runs->strides[1] - runs->sizes[2] * runs->strides[2];
        if (++at[1] == runs->sizes[1]) {
            at[1] = 0;
            step += runs->strides[0] - runs->sizes[1] * runs->strides[1];
        }
    }
    return step;
}

/* What one of TG_REDUCE_... makes of two elements; integers wrap. */
static inline int32_t tg_joined(int32_t operation, int32_t a, int32_t b) {
    switch (operation) {
    case TG_REDUCE_SUM:
        return (int32_t)((uint32_t)a + (uint32_t)b);
    case TG_REDUCE_PRODUCT:
        return (int32_t)((uint32_t)a * (uint32_t)b);
    case TG_REDUCE_MAX:
        return b > a ? b : a;
    default:
        return b < a ? b : a;
    }
}

static inline int64_t tg_joined_wide(int32_t operation, int64_t a, int64_t b) {
    switch (operation) {
    case TG_REDUCE_SUM:
    case TG_REDUCE_MEAN:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case TG_REDUCE_PRODUCT:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case TG_REDUCE_MAX:
        return b > a ? b : a;
    default:
        return b < a ? b : a;
    }
}

static inline float tg_joined_floats(int32_t operation, float a, float b) {
    switch (operation) {
    case TG_REDUCE_PRODUCT:
        return a * b;
    case TG_REDUCE_MAX:
        return b > a ? b : a;
    case TG_REDUCE_MIN:
        return b < a ? b : a;
    default:
        return a + b;
    }
}

#endif
