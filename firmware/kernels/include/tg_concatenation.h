/* CONCATENATION: the rows of one part, cut into blocks, go to their places in the output's rows. */
#ifndef TG_CONCATENATION_H
#define TG_CONCATENATION_H

#include "tg_common.h"

#define tg_concatenation TG_NAME(tg_concatenation)

/* Which rows of the output hold rows of the part, and where in them. */
typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t period; /* rows of the output after which the parts begin again; 1 if all have their share of each row */
    int32_t begin;  /* the first of a period that is the part's */
    int32_t rows;   /* how many are */
    int32_t blocks; /* per row */
    int32_t block_bytes;
    int32_t output_stride; /* bytes from one block to the next in the output's row */
    int32_t output_offset; /* where the first block of a row goes */
} tg_part;

typedef struct {
    tg_part part;
} tg_concatenation_params;

/* The part's row that belongs into row `row` of the output, or -1. */
static inline int32_t tg_part_row(const tg_part *part, int32_t row) {
    const int32_t at = row % part->period - part->begin;
    return at < 0 || at >= part->rows ? -1 : row / part->period * part->rows + at;
}

/* Computes the part's share of output rows first .. first + count - 1. */
void tg_concatenation(const tg_concatenation_params *params, const void *input, void *output, int32_t first,
                      int32_t count);

#endif
