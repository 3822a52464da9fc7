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
    default: /* TG_B */
        ((uint8_t *)output)[i] |= ((const uint8_t *)updates)[j];
    }
}

void tg_scatter_nd(const tg_scatter_nd_params *params, const void *indices, const void *updates, void *output) {
    const tg_scatter *const p = &params->scatter;
    for (int32_t s = 0; s < p->slices; s++) {
        const int32_t first = tg_scatter_place(p, indices, s);
        for (int32_t e = 0; e < p->slice_elements && first >= 0; e++) {
            add(output, first + e, updates, s * p->slice_elements + e, params->element);
        }
    }
}
