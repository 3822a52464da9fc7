/* ARG_MAX, ARG_MIN: output[o][i] = the first j whose input[o][j][i] none surpasses, int8. */
#ifndef TG_ARG_S8_H
#define TG_ARG_S8_H

#include "tg_arg.h"

#define tg_arg_s8 TG_NAME(tg_arg_s8)

typedef tg_arg tg_arg_s8_params;

/* input: [outer][size][inner], output: [outer][inner], without gaps. */
void tg_arg_s8(const tg_arg_s8_params *params, const int8_t *input, void *output);

#endif
