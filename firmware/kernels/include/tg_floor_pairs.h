/* FLOOR_DIV and FLOOR_MOD: the quotient of integers of any one type rounded down, or what it leaves; 0 where input2 is
 * 0. */
#ifndef TG_FLOOR_PAIRS_H
#define TG_FLOOR_PAIRS_H

#include "tg_integers.h"

#define tg_floor_pairs TG_NAME(tg_floor_pairs)

typedef struct {
    tg_pairs pairs;
    int32_t type; /* of tg_element.h */
    int32_t is_rest;
} tg_floor_pairs_params;

/* Computes output rows first .. first + count - 1. */
void tg_floor_pairs(const tg_floor_pairs_params *params, const void *input1, const void *input2, void *output,
                    int32_t first, int32_t count);

#endif
