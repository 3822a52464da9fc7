/* MAX_POOL_2D: output[r][x][c] = clamp(the largest tap inside the image), float. */
#ifndef TG_MAX_POOL_2D_F32_H
#define TG_MAX_POOL_2D_F32_H

#include "tg_pool_2d_f32.h"

#define tg_max_pool_2d_f32 TG_NAME(tg_max_pool_2d_f32)

typedef tg_pool_2d_f32_params tg_max_pool_2d_f32_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_max_pool_2d_f32(const tg_max_pool_2d_f32_params *params, const float *input, float *output, int32_t first,
                        int32_t count);

#endif
