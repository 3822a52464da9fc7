/* CIRCULAR_BUFFER: the slots of the output move up by one, and the input is the last; valid = this is every cycles-th
   time. */
#ifndef TG_CIRCULAR_BUFFER_S8_H
#define TG_CIRCULAR_BUFFER_S8_H

#include <stdbool.h>

#include "tg_common.h"

#define tg_circular_buffer_s8 TG_NAME(tg_circular_buffer_s8)

typedef struct {
    int32_t slots;
    int32_t slot_bytes;
    int32_t cycles;
} tg_circular_buffer_s8_params;

/* input: [slot_bytes]; output: [slots][slot_bytes], which still holds what it held before; valid: [1]; cycles_left:
   [1], brought up to date. */
void tg_circular_buffer_s8(const tg_circular_buffer_s8_params *params, const int8_t *input, int8_t *output, bool *valid,
                           int32_t *cycles_left);

#endif
