/* ARG_MAX, ARG_MIN: output[o][i] = the first j whose input[o][j][i] none surpasses, uint8. */
#ifndef TG_ARG_U8_H
#define TG_ARG_U8_H

#include "tg_arg.h"

#define tg_arg_u8 TG_NAME(tg_arg_u8)

typedef tg_arg tg_arg_u8_params;

/* input: [outer][size][inner], output: [outer][inner], without gaps. */
void tg_arg_u8(const tg_arg_u8_params *params, const uint8_t *input, void *output);

#endif
