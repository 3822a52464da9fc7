/* An example of how to call digits_mlp_float_io: one inference on zeros, its outputs printed. */
#include <stdio.h>
#include <string.h>

#include "digits_mlp_float_io.h"

static digits_mlp_float_io_t model;

int main(void) {
    digits_mlp_float_io_init(&model);
    memset(digits_mlp_float_io_input_0(&model), 0, DIGITS_MLP_FLOAT_IO_INPUT_0_SIZE);
    digits_mlp_float_io_invoke(&model);
    for (int i = 0; i < DIGITS_MLP_FLOAT_IO_OUTPUT_0_ELEMENTS; i++) {
        const float stored = (float)digits_mlp_float_io_output_0(&model)[i];
        const float value = (stored - (float)DIGITS_MLP_FLOAT_IO_OUTPUT_0_ZERO_POINT) *
                            DIGITS_MLP_FLOAT_IO_OUTPUT_0_SCALE;
        printf("output 0[%d] = %g\n", i, (double)value);
    }
    return 0;
}
