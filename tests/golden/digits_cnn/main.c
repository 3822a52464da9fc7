/* An example of how to call digits_cnn: one inference on zeros, its outputs printed. */
#include <stdio.h>
#include <string.h>

#include "digits_cnn.h"

static digits_cnn_t model;

int main(void) {
    digits_cnn_init(&model);
    memset(digits_cnn_input_0(&model), 0, DIGITS_CNN_INPUT_0_SIZE);
    digits_cnn_invoke(&model);
    for (int i = 0; i < DIGITS_CNN_OUTPUT_0_ELEMENTS; i++) {
        const float stored = (float)digits_cnn_output_0(&model)[i];
        const float value = (stored - (float)DIGITS_CNN_OUTPUT_0_ZERO_POINT) *
                            DIGITS_CNN_OUTPUT_0_SCALE;
        printf("output 0[%d] = %g\n", i, (double)value);
    }
    return 0;
}
