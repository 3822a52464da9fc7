/* REVERSE_SEQUENCE: output[batch][i] = input[batch][lengths[batch] - 1 - i], or input[batch][i] beyond the length. */
#ifndef TG_REVERSE_SEQUENCE_H
#define TG_REVERSE_SEQUENCE_H

#include "tg_index.h"

#define tg_reverse_sequence TG_NAME(tg_reverse_sequence)

typedef struct {
    int32_t outer;      /* loops over what is neither batch nor sequence: before both, and between them */
    int32_t outer_step; /* bytes */
    int32_t middle;
    int32_t middle_step;
    int32_t batches;
    int32_t batch_step;
    int32_t length; /* slices of the longest sequence */
    int32_t step;
    int32_t slice_bytes; /* what is after both */
    int32_t wide;        /* lengths are int64 */
} tg_reverse_sequence_params;

/* lengths: [batches] of int32 or int64, clamped to 0 .. length. */
void tg_reverse_sequence(const tg_reverse_sequence_params *params, const void *input, const void *lengths,
                         void *output);

#endif
