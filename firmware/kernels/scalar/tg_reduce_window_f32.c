/* Portable: one window after the other. */
#include "tg_reduce_window_f32.h"

void tg_reduce_window_f32(const tg_reduce_window_f32_params *p, const float *input, const float *initial,
                          float *output) {
    const tg_windows *const w = &p->windows;
    for (int32_t o = 0; o < w->elements; o++) {
        const float *const in = input + tg_place(&w->outputs, o);
        float result = *initial;
        for (int32_t i = 0; i < w->window_elements; i++) {
            result = tg_joined_floats(w->operation, result, in[tg_place(&w->window, i)]);
        }
        output[o] = result;
    }
}
