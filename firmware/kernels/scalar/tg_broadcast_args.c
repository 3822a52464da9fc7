/* Portable: one element after the other. */
#include "tg_broadcast_args.h"

static int64_t size(const tg_broadcast_args_params *p, const void *shape, int32_t i) {
    return i < 0 ? 1 : p->wide ? ((const int64_t *)shape)[i] : ((const int32_t *)shape)[i];
}

void tg_broadcast_args(const tg_broadcast_args_params *p, const void *shape1, const void *shape2, void *output) {
    const int32_t rank = p->elements1 > p->elements2 ? p->elements1 : p->elements2;
    for (int32_t i = 0; i < rank; i++) {
        const int64_t first = size(p, shape1, i - (rank - p->elements1));
        const int64_t made = first == 1 ? size(p, shape2, i - (rank - p->elements2)) : first;
        if (p->wide) {
            ((int64_t *)output)[i] = made;
        } else {
            ((int32_t *)output)[i] = (int32_t)made;
        }
    }
}
