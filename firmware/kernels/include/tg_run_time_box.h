/* SLICE and STRIDED_SLICE from where run-time numbers say: output[i, j, ..] = input[begin + (i, j, ..) * strides], and
   0 where that is outside of the input. */
#ifndef TG_RUN_TIME_BOX_H
#define TG_RUN_TIME_BOX_H

#include "tg_common.h"

#define tg_run_time_box TG_NAME(tg_run_time_box)

typedef struct {
    int32_t entries[6]; /* which entry of begin says where a dimension begins; -1: it begins at firsts */
    int32_t firsts[6];
    int32_t strides[6]; /* elements, may be negative */
    int32_t sizes[6];   /* elements that are taken */
    int32_t limits[6];  /* elements that there are */
    int32_t steps[6];   /* bytes from one element to the next in the input */
    int32_t element_bytes;
    int32_t wide;     /* begin is int64 */
    int32_t relative; /* beginnings below 0 count from the end, and all are brought to where the input ends */
} tg_run_time_box_params;

/* begin: int32 or int64. All tensors are whole and without gaps. */
void tg_run_time_box(const tg_run_time_box_params *params, const void *input, const void *begin, void *output);

#endif
