/* AVERAGE_POOL_2D: output[r][x][c] = clamp(sum / number of taps inside the image), halves away from zero, int16. */
#ifndef TG_AVERAGE_POOL_2D_S16_H
#define TG_AVERAGE_POOL_2D_S16_H

#include "tg_pool_2d_s8.h"

#define tg_average_pool_2d_s16 TG_NAME(tg_average_pool_2d_s16)

typedef tg_pool_2d_s8_params tg_average_pool_2d_s16_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_average_pool_2d_s16(const tg_average_pool_2d_s16_params *params, const int16_t *input, int16_t *output,
                            int32_t first, int32_t count);

#endif
