/* How the kernels of one folder are named and round; tinygen writes its own beside the code that it generates. */
#ifndef TG_CONFIG_H
#define TG_CONFIG_H

/* Every kernel's symbol carries its model's name, so that the code of several models links into one program. */
#define TG_NAME(function) function

/* 0: TFLite Micro's double rounding. 1: single rounding. */
#ifndef TG_ROUNDING_SINGLE
#define TG_ROUNDING_SINGLE 0
#endif

#endif
