/* Elements of a type that is a parameter. */
#ifndef TG_ELEMENT_H
#define TG_ELEMENT_H

#include "tg_common.h"

/* The numbers of ops/element.py. */
enum { TG_S8, TG_U8, TG_S16, TG_U16, TG_S32, TG_U32, TG_S64, TG_F32, TG_B };

/* Element i of an array of integers or bool. */
static inline int64_t tg_integer(const void *array, int32_t type, int32_t i) {
    switch (type) {
    case TG_S8:
        return ((const int8_t *)array)[i];
    case TG_U8:
        return ((const uint8_t *)array)[i];
    case TG_S16:
        return ((const int16_t *)array)[i];
    case TG_U16:
        return ((const uint16_t *)array)[i];
    case TG_S32:
        return ((const int32_t *)array)[i];
    case TG_U32:
        return ((const uint32_t *)array)[i];
    case TG_S64:
        return ((const int64_t *)array)[i];
    default: /* TG_B */
        return ((const uint8_t *)array)[i] != 0;
    }
}

/* Stores an integer as element i of an array of integers, where it wraps, or of bool. */
static inline void tg_store_integer(void *array, int32_t type, int32_t i, int64_t value) {
    switch (type) {
    case TG_S8:
    case TG_U8:
        ((int8_t *)array)[i] = (int8_t)value;
        break;
    case TG_S16:
    case TG_U16:
        ((int16_t *)array)[i] = (int16_t)value;
        break;
    case TG_S32:
    case TG_U32:
        ((int32_t *)array)[i] = (int32_t)value;
        break;
    case TG_S64:
        ((int64_t *)array)[i] = value;
        break;
    default: /* TG_B */
        ((int8_t *)array)[i] = value != 0;
        break;
    }
}

#endif
