/* FILL: every element of the output is the value. */
#ifndef TG_FILL_H
#define TG_FILL_H

#include "tg_common.h"

#define tg_fill TG_NAME(tg_fill)

typedef struct {
    int32_t elements;
    int32_t element_bytes;
} tg_fill_params;

/* value: one element. */
void tg_fill(const tg_fill_params *params, const void *value, void *output);

#endif
