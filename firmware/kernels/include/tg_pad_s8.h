/* PAD: the input surrounded by a constant, int8. */
#ifndef TG_PAD_S8_H
#define TG_PAD_S8_H

#include "tg_common.h"

#define tg_pad_s8 TG_NAME(tg_pad_s8)

typedef struct {
    int32_t input_outer[4]; /* dimensions above columns and channels */
    int32_t output_outer[4];
    int32_t outer_before[4]; /* padding before each of them */
    int32_t input_columns;
    int32_t output_columns;
    int32_t columns_before;
    int32_t input_channels;
    int32_t output_channels;
    int32_t channels_before;
    int32_t fill;
} tg_pad_s8_params;

/* Whether an output row holds input, and then which input row. */
static inline int tg_pad_row(const tg_pad_s8_params *p, int32_t row, int32_t *input_row) {
    int32_t rest = row, scale = 1;
    *input_row = 0;
    for (int axis = 3; axis >= 0; axis--) {
        const int32_t at = rest % p->output_outer[axis] - p->outer_before[axis];
        rest /= p->output_outer[axis];
        if (at < 0 || at >= p->input_outer[axis]) {
            return 0;
        }
        *input_row += at * scale;
        scale *= p->input_outer[axis];
    }
    return 1;
}

/* input, output: whole tensors without gaps. */
void tg_pad_s8(const tg_pad_s8_params *params, const int8_t *input, int8_t *output);

#endif
