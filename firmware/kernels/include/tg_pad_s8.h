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

/* input, output: whole tensors without gaps. */
void tg_pad_s8(const tg_pad_s8_params *params, const int8_t *input, int8_t *output);

#endif
