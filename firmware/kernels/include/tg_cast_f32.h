/* CAST from or to float: floats are cut towards 0 and saturate, bool is whether it is not 0. */
#ifndef TG_CAST_F32_H
#define TG_CAST_F32_H

#include "tg_common.h"
#include "tg_element.h"

#define tg_cast_f32 TG_NAME(tg_cast_f32)

typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t row_elements;
    int32_t input_type; /* of tg_element.h */
    int32_t output_type;
} tg_cast_f32_params;

/* Computes output rows first .. first + count - 1. Not-a-number becomes 0 as an integer. */
void tg_cast_f32(const tg_cast_f32_params *params, const void *input, void *output, int32_t first, int32_t count);

#endif
