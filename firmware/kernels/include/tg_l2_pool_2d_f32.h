/* L2_POOL_2D: output[r][x][c] = clamp(root of the mean of the squares of the taps inside the image), float. */
#ifndef TG_L2_POOL_2D_F32_H
#define TG_L2_POOL_2D_F32_H

#include "tg_pool_2d_f32.h"

#define tg_l2_pool_2d_f32 TG_NAME(tg_l2_pool_2d_f32)

typedef tg_pool_2d_f32_params tg_l2_pool_2d_f32_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_l2_pool_2d_f32(const tg_l2_pool_2d_f32_params *params, const float *input, float *output, int32_t first,
                       int32_t count);

#endif
