/* MAX_POOL_2D: output[r][x][c] = clamp(the largest tap inside the image), int16. */
#ifndef TG_MAX_POOL_2D_S16_H
#define TG_MAX_POOL_2D_S16_H

#include "tg_pool_2d_s8.h"

#define tg_max_pool_2d_s16 TG_NAME(tg_max_pool_2d_s16)

typedef tg_pool_2d_s8_params tg_max_pool_2d_s16_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_max_pool_2d_s16(const tg_max_pool_2d_s16_params *params, const int16_t *input, int16_t *output, int32_t first,
                        int32_t count);

#endif
