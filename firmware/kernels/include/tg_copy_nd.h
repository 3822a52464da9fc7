/* Copies runs of bytes in up to six nested loops, from anywhere to anywhere. */
#ifndef TG_COPY_ND_H
#define TG_COPY_ND_H

#include "tg_common.h"

#define tg_copy_nd TG_NAME(tg_copy_nd)

typedef struct {
    int32_t times[6];       /* of each loop, outer first */
    int32_t input_steps[6]; /* bytes from one time to the next; 0 reads the same again, less than 0 goes back */
    int32_t output_steps[6];
    int32_t input_first; /* byte of the first run */
    int32_t output_first;
    int32_t run_bytes;
} tg_copy_nd_params;

/* The two must not overlap. */
void tg_copy_nd(const tg_copy_nd_params *params, const void *input, void *output);

#endif
