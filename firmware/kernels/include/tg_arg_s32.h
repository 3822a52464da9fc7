/* ARG_MAX, ARG_MIN: output[o][i] = the first j whose input[o][j][i] none surpasses, int32. */
#ifndef TG_ARG_S32_H
#define TG_ARG_S32_H

#include "tg_arg.h"

#define tg_arg_s32 TG_NAME(tg_arg_s32)

typedef tg_arg tg_arg_s32_params;

/* input: [outer][size][inner], output: [outer][inner], without gaps. */
void tg_arg_s32(const tg_arg_s32_params *params, const int32_t *input, void *output);

#endif
