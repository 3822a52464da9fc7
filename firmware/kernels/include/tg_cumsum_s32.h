/* CUMSUM: output[i] = input[0] + ... + input[i] along an axis, int32, that wraps. */
#ifndef TG_CUMSUM_S32_H
#define TG_CUMSUM_S32_H

#include "tg_cumsum.h"

#define tg_cumsum_s32 TG_NAME(tg_cumsum_s32)

typedef tg_cumsum tg_cumsum_s32_params;

/* input, output: [outer][size][inner] without gaps; they may be the same. */
void tg_cumsum_s32(const tg_cumsum_s32_params *params, const int32_t *input, int32_t *output);

#endif
