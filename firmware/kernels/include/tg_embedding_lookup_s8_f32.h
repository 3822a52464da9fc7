/* EMBEDDING_LOOKUP of floats that are held as int8: output[i] = scale * table[lookup[i]]. */
#ifndef TG_EMBEDDING_LOOKUP_S8_F32_H
#define TG_EMBEDDING_LOOKUP_S8_F32_H

#include "tg_index.h"

#define tg_embedding_lookup_s8_f32 TG_NAME(tg_embedding_lookup_s8_f32)

typedef struct {
    int32_t lookups;
    int32_t size; /* rows of the table */
    int32_t row_elements;
    const float *scale; /* [size], or one entry */
    int32_t scale_step; /* 1 per row, 0 when one entry serves all */
    int32_t wide;       /* lookups are int64 */
} tg_embedding_lookup_s8_f32_params;

/* table: [size][row_elements]; lookup: [lookups] of int32 or int64, brought into the table. */
void tg_embedding_lookup_s8_f32(const tg_embedding_lookup_s8_f32_params *params, const int8_t *table,
                                const void *lookup, float *output);

#endif
