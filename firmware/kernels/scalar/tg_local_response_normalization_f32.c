/* Portable: one element after the other, in single precision. */
#include "tg_local_response_normalization_f32.h"

#include "tg_math.h"

static void normalize(const tg_local_response_normalization_f32_params *p, const float *in, float *out) {
    for (int32_t c = 0; c < p->channels; c++) {
        const int32_t begin = c < p->radius ? 0 : c - p->radius;
        const int32_t end = p->channels - c < p->radius ? p->channels : c + p->radius;
        float sum = 0.0f;
        for (int32_t k = begin; k < end; k++) {
            sum += in[k] * in[k];
        }
        out[c] = in[c] * tg_power(p->bias + p->alpha * sum, -p->beta);
    }
}

void tg_local_response_normalization_f32(const tg_local_response_normalization_f32_params *p, const float *input,
                                         float *output, int32_t first, int32_t count) {
    for (int32_t r = first; r < first + count; r++) {
        const float *in = (const float *)(const void *)tg_row((const int8_t *)input, p->input, r);
        float *out = (float *)(void *)tg_output_row((int8_t *)output, p->output, r);
        for (int32_t x = 0; x < p->pixels; x++) {
            normalize(p, in + x * p->channels, out + x * p->channels);
        }
    }
}
