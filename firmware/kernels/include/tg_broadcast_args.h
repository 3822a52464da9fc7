/* BROADCAST_ARGS: output[i] = shape1[i], or shape2[i] where that is 1; a shorter one begins with ones. */
#ifndef TG_BROADCAST_ARGS_H
#define TG_BROADCAST_ARGS_H

#include "tg_common.h"

#define tg_broadcast_args TG_NAME(tg_broadcast_args)

typedef struct {
    int32_t elements1;
    int32_t elements2;
    int32_t wide; /* all are int64 */
} tg_broadcast_args_params;

/* output: as many elements as the longer one. */
void tg_broadcast_args(const tg_broadcast_args_params *params, const void *shape1, const void *shape2, void *output);

#endif
