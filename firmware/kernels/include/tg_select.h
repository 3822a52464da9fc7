/* SELECT: output[i] = condition[i] ? x[i] : y[i], elements of bytes, in up to six dimensions. */
#ifndef TG_SELECT_H
#define TG_SELECT_H

#include "tg_common.h"

#define tg_select TG_NAME(tg_select)

typedef struct {
    int32_t times[6];           /* the output's shape, outer first */
    int32_t condition_steps[6]; /* bytes from one element to the next; 0 where they are repeated */
    int32_t x_steps[6];
    int32_t y_steps[6];
    int32_t element_bytes;
} tg_select_params;

/* condition: one byte per element, 0 or 1. */
void tg_select(const tg_select_params *params, const void *condition, const void *x, const void *y, void *output);

#endif
