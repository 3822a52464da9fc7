/* BUCKETIZE: output[i] = how many boundaries input[i] has reached. */
#ifndef TG_BUCKETIZE_H
#define TG_BUCKETIZE_H

#include "tg_element.h"

#define tg_bucketize TG_NAME(tg_bucketize)

typedef struct {
    int32_t elements;
    int32_t type; /* of tg_element.h */
    int32_t count;
    const float *boundaries; /* [count], in ascending order */
} tg_bucketize_params;

/* input: integers, which are compared as floats, or floats. */
void tg_bucketize(const tg_bucketize_params *params, const void *input, int32_t *output);

#endif
