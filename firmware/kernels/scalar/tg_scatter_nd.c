/* Portable: element by element. */
#include "tg_scatter_nd.h"

/* output[i] += updates[j] */
static void add(void *output, int32_t i, const void *updates, int32_t j, int32_t element) {
    switch (element) {
    case TG_S8:
    case TG_U8: {
        uint8_t *const to = (uint8_t *)output + i;
        *to = (uint8_t)(*to + ((const uint8_t *)updates)[j]);
        break;
    }
    case TG_S16:
    case TG_U16: {
        uint16_t *const to = (uint16_t *)output + i;
        *to = (uint16_t)(*to + ((const uint16_t *)updates)[j]);
        break;
    }
    case TG_S32:
    case TG_U32:
        ((uint32_t *)output)[i] += ((const uint32_t *)updates)[j];
        break;
    case TG_S64:
        ((uint64_t *)output)[i] += ((const uint64_t *)updates)[j];
        break;
    case TG_F32:
        ((float *)output)[i] += ((const float *)updates)[j];
        break;
    default: /* TG_B */
        ((uint8_t *)output)[i] |= ((const uint8_t *)updates)[j];
    }
}

void tg_scatter_nd(const tg_scatter_nd_params *p, const void *indices, const void *updates, void *output) {
    for (int32_t s = 0; s < p->slices; s++) {
        int32_t first = 0, inside = 1;
        for (int32_t d = 0; d < p->depth; d++) {
            const int32_t i = s * p->depth + d;
            const int64_t at = p->wide ? ((const int64_t *)indices)[i] : ((const int32_t *)indices)[i];
            inside &= at >= 0 && at < p->sizes[d];
            first += inside ? (int32_t)at * p->steps[d] : 0;
        }
        for (int32_t e = 0; inside && e < p->slice_elements; e++) {
            add(output, first + e, updates, s * p->slice_elements + e, p->element);
        }
    }
}
