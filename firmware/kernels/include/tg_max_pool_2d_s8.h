/* MAX_POOL_2D: output[r][x][c] = clamp(the largest tap inside the image), int8. */
#ifndef TG_MAX_POOL_2D_S8_H
#define TG_MAX_POOL_2D_S8_H

#include "tg_pool_2d_s8.h"

#define tg_max_pool_2d_s8 TG_NAME(tg_max_pool_2d_s8)

typedef tg_pool_2d_s8_params tg_max_pool_2d_s8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_max_pool_2d_s8(const tg_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output, int32_t first,
                       int32_t count);

#endif
