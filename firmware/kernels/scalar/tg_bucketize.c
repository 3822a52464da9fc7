/* Portable: one element after the other, boundary by boundary. */
#include "tg_bucketize.h"

void tg_bucketize(const tg_bucketize_params *p, const void *input, int32_t *output) {
    for (int32_t i = 0; i < p->elements; i++) {
        const float x = p->type == TG_F32 ? ((const float *)input)[i] : (float)tg_integer(input, p->type, i);
        int32_t reached = 0;
        while (reached < p->count && !(x < p->boundaries[reached])) {
            reached++;
        }
        output[i] = reached;
    }
}
