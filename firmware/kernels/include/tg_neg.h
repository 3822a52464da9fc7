/* NEG: output = -input, integers of any one type, in which it wraps. */
#ifndef TG_NEG_H
#define TG_NEG_H

#include "tg_integers.h"

#define tg_neg TG_NAME(tg_neg)

typedef struct {
    tg_map map;
    int32_t type; /* of tg_element.h */
} tg_neg_params;

/* Computes output rows first .. first + count - 1. */
void tg_neg(const tg_neg_params *params, const void *input, void *output, int32_t first, int32_t count);

#endif
