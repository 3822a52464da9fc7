/* AVERAGE_POOL_2D of uint8 whose top bits are flipped, which makes them int8: the mean has its halves rounded up. */
#ifndef TG_AVERAGE_POOL_2D_U8_H
#define TG_AVERAGE_POOL_2D_U8_H

#include "tg_pool_2d_s8.h"

#define tg_average_pool_2d_u8 TG_NAME(tg_average_pool_2d_u8)

typedef tg_pool_2d_s8_params tg_average_pool_2d_u8_params;

/* Computes output rows first .. first + count - 1; rows count on over the images of a batch. */
void tg_average_pool_2d_u8(const tg_average_pool_2d_u8_params *params, const int8_t *input, int8_t *output,
                           int32_t first, int32_t count);

#endif
