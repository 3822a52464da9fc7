/* output = input1 and input2 added, subtracted, multiplied, shifted or compared bit by bit: integers of any one type,
   in which the result wraps. The operations have the numbers of ops/integer_pairs.py. */
#ifndef TG_INTEGER_PAIRS_H
#define TG_INTEGER_PAIRS_H

#include "tg_integers.h"

#define tg_integer_pairs TG_NAME(tg_integer_pairs)

typedef struct {
    tg_pairs pairs;
    int32_t type; /* of tg_element.h */
    int32_t operation;
    int32_t output_min; /* INT32_MIN: there is none */
    int32_t output_max; /* INT32_MAX: there is none */
} tg_integer_pairs_params;

/* Computes output rows first .. first + count - 1. */
void tg_integer_pairs(const tg_integer_pairs_params *params, const void *input1, const void *input2, void *output,
                      int32_t first, int32_t count);

#endif
