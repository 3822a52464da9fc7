/* FULLY_CONNECTED with the weights of four outputs in one word, of which two at a time are multiplied.

   With v = 128 + weight, a word holds v0 + 2**8 * v1 + 2**16 * v2 + 2**24 * v3. Its bytes 0 and 2 times an input x are
   both products in one word, its bytes 1 and 3 too. What 128 is too much is the same for all outputs, and without it a
   sum of eight products of int8 is an int16: Python packs only weights whose magnitudes are 255 at most for every eight
   inputs together. What is too much of a weight is left to an extra term of the output. */
#ifndef TG_FULLY_CONNECTED_LANES_S8_H
#define TG_FULLY_CONNECTED_LANES_S8_H

#include "tg_halves.h"

#define tg_fully_connected_lanes_s8 TG_NAME(tg_fully_connected_lanes_s8)

/* Inputs whose products are summed up before the lanes are parted. */
enum { TG_LANES_RUN = 8 };

typedef struct {
    const uint32_t *weights; /* [outputs / 4, rounded up][depth]; what no output has is 128 */
    const int32_t *bias;     /* for so many outputs; |bias + sum| < 2**29 for any input */
    const int32_t *requant;  /* what tg_doubled_of takes: [outputs][3], or one entry */
    int32_t requant_step;    /* 3 per output, 0 when one entry serves all */
    const int32_t *extras;   /* output after output: (input << 8) + (weight & 255) */
    const uint8_t *counts;   /* [outputs]: how many extras it has */
    int32_t batches;
    int32_t depth; /* a multiple of TG_LANES_RUN */
    int32_t outputs;
} tg_fully_connected_lanes_s8_params;

static inline int32_t tg_lanes_extra(int32_t extra, const int8_t *input) {
    return input[extra >> 8] * (int8_t)(uint8_t)extra;
}

/* input: [batches][depth], output: [batches][outputs], both without gaps. */
void tg_fully_connected_lanes_s8(const tg_fully_connected_lanes_s8_params *params, const int8_t *input, int8_t *output);

#endif
