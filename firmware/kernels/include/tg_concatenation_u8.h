/* CONCATENATION of a part on another scale: each byte of it goes to its place as table[byte], uint8. */
#ifndef TG_CONCATENATION_U8_H
#define TG_CONCATENATION_U8_H

#include "tg_concatenation.h"

#define tg_concatenation_u8 TG_NAME(tg_concatenation_u8)

typedef struct {
    tg_part part;
    const uint8_t *table; /* [256] */
} tg_concatenation_u8_params;

/* Computes the part's share of output rows first .. first + count - 1. */
void tg_concatenation_u8(const tg_concatenation_u8_params *params, const uint8_t *input, uint8_t *output, int32_t first,
                         int32_t count);

#endif
