/* Indices that are only known at run time: int32 or int64, made safe. */
#ifndef TG_INDEX_H
#define TG_INDEX_H

#include "tg_common.h"

/* Element i of an array of int32, or of int64 if `wide`, brought into 0 .. limit. */
static inline int32_t tg_index(const void *indices, int32_t wide, int32_t i, int32_t limit) {
    const int64_t index = wide ? ((const int64_t *)indices)[i] : ((const int32_t *)indices)[i];
    return index < 0 ? 0 : index > limit ? limit : (int32_t)index;
}

#endif
