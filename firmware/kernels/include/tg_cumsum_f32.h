/* CUMSUM: output[i] = input[0] + ... + input[i] along an axis, float. */
#ifndef TG_CUMSUM_F32_H
#define TG_CUMSUM_F32_H

#include "tg_cumsum.h"

#define tg_cumsum_f32 TG_NAME(tg_cumsum_f32)

typedef tg_cumsum tg_cumsum_f32_params;

/* input, output: [outer][size][inner] without gaps; they may be the same. */
void tg_cumsum_f32(const tg_cumsum_f32_params *params, const float *input, float *output);

#endif
