/* REDUCE_WINDOW: output[i] = initial and all elements of window i joined, integers of any one type or bool. */
#ifndef TG_REDUCE_WINDOW_H
#define TG_REDUCE_WINDOW_H

#include "tg_windows.h"

#define tg_reduce_window TG_NAME(tg_reduce_window)

typedef struct {
    tg_windows windows;
    int32_t type; /* of tg_element.h */
} tg_reduce_window_params;

/* initial: one element. */
void tg_reduce_window(const tg_reduce_window_params *params, const void *input, const void *initial, void *output);

#endif
