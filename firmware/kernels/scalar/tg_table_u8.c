/* Portable: one element after the other. */
#include "tg_table_u8.h"

void tg_table_u8(const tg_table_u8_params *p, const void *input, void *output, int32_t first, int32_t count) {
    TG_MAP(uint8_t, uint8_t, p->table[x])
}
