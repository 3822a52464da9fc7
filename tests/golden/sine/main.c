/* An example of how to call sine: one inference on zeros, its outputs printed. */
#include <stdio.h>
#include <string.h>

#include "sine.h"

static sine_t model;

int main(void) {
    sine_init(&model);
    memset(sine_input_0(&model), 0, SINE_INPUT_0_SIZE);
    sine_invoke(&model);
    for (int i = 0; i < SINE_OUTPUT_0_ELEMENTS; i++) {
        const float stored = (float)sine_output_0(&model)[i];
        const float value = (stored - (float)SINE_OUTPUT_0_ZERO_POINT) *
                            SINE_OUTPUT_0_SCALE;
        printf("output 0[%d] = %g\n", i, (double)value);
    }
    return 0;
}
