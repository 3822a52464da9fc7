/* ARG_MAX, ARG_MIN: output[o][i] = the first j whose input[o][j][i] none surpasses, float. */
#ifndef TG_ARG_F32_H
#define TG_ARG_F32_H

#include "tg_arg.h"

#define tg_arg_f32 TG_NAME(tg_arg_f32)

typedef tg_arg tg_arg_f32_params;

/* input: [outer][size][inner], output: [outer][inner], without gaps. */
void tg_arg_f32(const tg_arg_f32_params *params, const float *input, void *output);

#endif
