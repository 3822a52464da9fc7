/* By words; a row at a time where channels are not padded. */
#include "tg_pad_s8.h"
#include "tg_dsp_copy.h"

/* Runs of the input with padding around each. */
static void pad_runs(const int8_t *in, int32_t runs, int32_t bytes, int32_t before, int32_t after, int32_t fill,
                     int8_t *out) {
    for (int32_t run = 0; run < runs; run++, in += bytes, out += before + bytes + after) {
        tg_fill_bytes(out, fill, before);
        tg_copy_bytes(in, out + before, bytes);
        tg_fill_bytes(out + before + bytes, fill, after);
    }
}

/* A row that holds input. */
static void pad_row(const tg_pad_s8_params *p, const int8_t *in, int8_t *out) {
    const int32_t channels = p->output_channels, before = p->columns_before * channels;
    const int32_t inside = p->input_columns * channels;
    if (p->input_channels == channels) {
        pad_runs(in, 1, inside, before, p->output_columns * channels - before - inside, p->fill, out);
        return;
    }
    tg_fill_bytes(out, p->fill, before);
    pad_runs(in, p->input_columns, p->input_channels, p->channels_before,
             channels - p->channels_before - p->input_channels, p->fill, out + before);
    tg_fill_bytes(out + before + inside, p->fill, p->output_columns * channels - before - inside);
}

void tg_pad_s8(const tg_pad_s8_params *p, const int8_t *input, int8_t *output) {
    const int32_t rows = p->output_outer[0] * p->output_outer[1] * p->output_outer[2] * p->output_outer[3];
    const int32_t bytes = p->output_columns * p->output_channels;
    for (int32_t r = 0; r < rows; r++, output += bytes) {
        int32_t input_row;
        if (tg_pad_row(p, r, &input_row)) {
            pad_row(p, input + input_row * p->input_columns * p->input_channels, output);
        } else {
            tg_fill_bytes(output, p->fill, bytes);
        }
    }
}
