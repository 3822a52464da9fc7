/* Portable: one element after the other. */
#include "tg_select.h"

void tg_select(const tg_select_params *p, const void *condition, const void *x, const void *y, void *output) {
    const uint8_t *const flags = (const uint8_t *)condition;
    uint8_t *out = (uint8_t *)output;
    int32_t at[6] = {0, 0, 0, 0, 0, 0};
    int32_t flag = 0, of_x = 0, of_y = 0;
    for (int axis = 5; axis >= 0;) {
        const uint8_t *const from = flags[flag] ? (const uint8_t *)x + of_x : (const uint8_t *)y + of_y;
        for (int32_t b = 0; b < p->element_bytes; b++) {
            *out++ = from[b];
        }
        for (axis = 5; axis >= 0; axis--) {
            flag += p->condition_steps[axis];
            of_x += p->x_steps[axis];
            of_y += p->y_steps[axis];
            if (++at[axis] < p->times[axis]) {
                break;
            }
            flag -= p->times[axis] * p->condition_steps[axis];
            of_x -= p->times[axis] * p->x_steps[axis];
            of_y -= p->times[axis] * p->y_steps[axis];
            at[axis] = 0;
        }
    }
}
