/* FULLY_CONNECTED with outputs in blocks of four: the zero points of the weights are 0. */
#ifndef TG_FULLY_CONNECTED_BLOCKS_S8_H
#define TG_FULLY_CONNECTED_BLOCKS_S8_H

#include "tg_filter_blocks.h"

#define tg_fully_connected_blocks_s8 TG_NAME(tg_fully_connected_blocks_s8)

typedef struct {
    tg_filter_blocks filters; /* one per output; a patch is a row of the input and up to 3 bytes that meet zeros */
    int32_t batches;
    int32_t depth; /* bytes of a row of the input */
} tg_fully_connected_blocks_s8_params;

/* input: [batches][depth], output: [batches][filters], both without gaps. */
void tg_fully_connected_blocks_s8(const tg_fully_connected_blocks_s8_params *params, const int8_t *input,
                                  int8_t *output);

#endif
