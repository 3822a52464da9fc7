/* Copies runs of bytes to places that are farther apart: CONCATENATION, and RESHAPE where it can't be free. */
#ifndef TG_COPY_H
#define TG_COPY_H

#include "tg_common.h"

#define tg_copy TG_NAME(tg_copy)

typedef struct {
    int32_t blocks;
    int32_t block_bytes;
    int32_t output_stride; /* bytes from one block to the next in the output */
    int32_t output_offset; /* where the first block goes */
} tg_copy_params;

/* input: blocks * block_bytes bytes without gaps. */
void tg_copy(const tg_copy_params *params, const void *input, void *output);

#endif
