/* Portable: one output pixel after the other. */
#define TG_PATCH_SUMS 0
#include "tg_conv_2d_blocks_s8.h"
#include "tg_conv_2d_blocks.h"

void tg_conv_2d_blocks_s8(const tg_conv_2d_blocks_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                          int32_t count, void *scratch) {
    compute_blocks(p, input, output, first, count, scratch);
}
