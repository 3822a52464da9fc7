/* Portable: one output pixel after the other, whose patch is added up, too. */
#define TG_PATCH_SUMS 1
#include "tg_conv_2d_blocks_u8.h"
#include "tg_conv_2d_blocks.h"

void tg_conv_2d_blocks_u8(const tg_conv_2d_blocks_u8_params *p, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count, void *scratch) {
    compute_blocks(p, input, output, first, count, scratch);
}
