/* CONV_2D of legacy uint8 models, as tg_conv_2d_u8.h says, with filters in blocks of four.

   sum(x * (w - z)) = sum(x * w) - z * sum(x), with z the weights' zero point: a patch ends with one word more, which
   has its sums, byte j of it that of all bytes at 4 * i + j, but of 16 bits; its weights are -z. Whatever follows a row
   of the patch up to a multiple of 4 bytes is weighed with z, so that it does not count. */
#ifndef TG_CONV_2D_BLOCKS_U8_H
#define TG_CONV_2D_BLOCKS_U8_H

#include "tg_conv_2d_blocks_s8.h"

#define tg_conv_2d_blocks_u8 TG_NAME(tg_conv_2d_blocks_u8)

/* filters.depth counts the word of sums, and is at most 1028. */
typedef tg_conv_2d_blocks_s8_params tg_conv_2d_blocks_u8_params;

/* As tg_conv_2d_blocks_s8. */
void tg_conv_2d_blocks_u8(const tg_conv_2d_blocks_u8_params *params, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count, void *scratch);

#endif
