/* CAST: the same integer as another type, in which it wraps; bool is 0 or 1. */
#ifndef TG_CAST_H
#define TG_CAST_H

#include "tg_common.h"
#include "tg_element.h"

#define tg_cast TG_NAME(tg_cast)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t row_elements;
    int32_t input_type; /* of tg_element.h, integers or bool */
    int32_t output_type;
} tg_cast_params;

/* Computes output rows first .. first + count - 1. */
void tg_cast(const tg_cast_params *params, const void *input, void *output, int32_t first, int32_t count);

#endif
