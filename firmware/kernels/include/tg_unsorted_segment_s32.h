/* UNSORTED_SEGMENT_*: output[s][i] = int32 input[j][i] joined for all j that belong to segment s. */
#ifndef TG_UNSORTED_SEGMENT_S32_H
#define TG_UNSORTED_SEGMENT_S32_H

#include "tg_reduce.h"

#define tg_unsorted_segment_s32 TG_NAME(tg_unsorted_segment_s32)

typedef struct {
    int32_t rows;
    int32_t row_elements;
    int32_t segments;
    int32_t operation; /* TG_REDUCE_... */
    int32_t start;     /* what no rows make */
    int32_t wide;      /* segment_ids are int64 */
} tg_unsorted_segment_s32_params;

/* input: [rows][row_elements]; segment_ids: [rows] of int32 or int64, of which those that lie outside belong to none.
 */
void tg_unsorted_segment_s32(const tg_unsorted_segment_s32_params *params, const int32_t *input,
                             const void *segment_ids, int32_t *output);

#endif
