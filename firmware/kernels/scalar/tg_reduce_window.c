/* Portable: one window after the other, by way of 64 bits. */
#include "tg_reduce_window.h"

#include "tg_element.h"

void tg_reduce_window(const tg_reduce_window_params *p, const void *input, const void *initial, void *output) {
    const tg_windows *const w = &p->windows;
    for (int32_t o = 0; o < w->elements; o++) {
        const int32_t first = tg_place(&w->outputs, o);
        int64_t result = tg_integer(initial, p->type, 0);
        for (int32_t i = 0; i < w->window_elements; i++) {
            const int32_t at = first + tg_place(&w->window, i);
            result = tg_joined_wide(w->operation, result, tg_integer(input, p->type, at));
        }
        tg_store_integer(output, p->type, o, result);
    }
}
