/* TOPK_V2: where the greatest elements of each row are, in falling order; of equal ones the first comes first. */
#ifndef TG_TOPK_V2_H
#define TG_TOPK_V2_H

#include "tg_element.h"

#define tg_topk_v2 TG_NAME(tg_topk_v2)

typedef struct {
    int32_t rows;
    int32_t size;  /* of a row */
    int32_t count; /* how many are wanted */
    int32_t type;  /* of the elements; see tg_element.h */
} tg_topk_v2_params;

/* output: [rows][count]. */
void tg_topk_v2(const tg_topk_v2_params *params, const void *input, int32_t *output);

#endif
