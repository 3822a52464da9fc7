/* CUMSUM: output[i] = input[0] + ... + input[i] along an axis, int64, that wraps. */
#ifndef TG_CUMSUM_S64_H
#define TG_CUMSUM_S64_H

#include "tg_cumsum.h"

#define tg_cumsum_s64 TG_NAME(tg_cumsum_s64)

typedef tg_cumsum tg_cumsum_s64_params;

/* input, output: [outer][size][inner] without gaps; they may be the same. */
void tg_cumsum_s64(const tg_cumsum_s64_params *params, const int64_t *input, int64_t *output);

#endif
