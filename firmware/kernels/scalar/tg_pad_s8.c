/* Portable: walks the output and reads the input where there is one. */
#include "tg_pad_s8.h"

void tg_pad_s8(const tg_pad_s8_params *p, const int8_t *input, int8_t *output) {
    const int32_t rows = p->output_outer[0] * p->output_outer[1] * p->output_outer[2] * p->output_outer[3];
    for (int32_t r = 0; r < rows; r++) {
        int32_t input_row;
        const int has_row = tg_pad_row(p, r, &input_row);
        const int8_t *in = input + (has_row ? input_row : 0) * p->input_columns * p->input_channels;
        for (int32_t column = 0; column < p->output_columns; column++) {
            const int32_t x = column - p->columns_before;
            const int has_column = has_row && x >= 0 && x < p->input_columns;
            for (int32_t channel = 0; channel < p->output_channels; channel++) {
                const int32_t c = channel - p->channels_before;
                const int inside = has_column && c >= 0 && c < p->input_channels;
                *output++ = inside ? in[x * p->input_channels + c] : (int8_t)p->fill;
            }
        }
    }
}
