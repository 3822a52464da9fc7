/* REDUCE_WINDOW: output[i] = initial and all elements of window i joined, float, in the order of memory. */
#ifndef TG_REDUCE_WINDOW_F32_H
#define TG_REDUCE_WINDOW_F32_H

#include "tg_windows.h"

#define tg_reduce_window_f32 TG_NAME(tg_reduce_window_f32)

typedef struct {
    tg_windows windows;
} tg_reduce_window_f32_params;

/* initial: one element. */
void tg_reduce_window_f32(const tg_reduce_window_f32_params *params, const float *input, const float *initial,
                          float *output);

#endif
