/* Portable: by way of 64 bits, told apart for each element. */
#include "tg_integer_pairs.h"

enum { SUM, DIFFERENCE, PRODUCT, EXCLUSIVE_OR, RIGHT_SHIFT, GREATEST, LEAST };

/* The farthest shift: that of the type's top bit to the bottom; for signed types any farther one does the same. */
static int64_t farthest(int32_t type) {
    return type == TG_U8 ? 7 : type == TG_U16 ? 15 : type == TG_U32 ? 31 : 63;
}

static int64_t combine(int64_t x, int64_t y, int32_t operation, int32_t type) {
    const uint64_t a = (uint64_t)x, b = (uint64_t)y;
    switch (operation) {
    case SUM:
        return (int64_t)(a + b);
    case DIFFERENCE:
        return (int64_t)(a - b);
    case PRODUCT:
        return (int64_t)(a * b);
    case EXCLUSIVE_OR:
        return (int64_t)(a ^ b);
    case RIGHT_SHIFT:
        return x >> (y < 0 ? 0 : y > farthest(type) ? farthest(type) : y);
    case GREATEST:
        return x > y ? x : y;
    default: /* LEAST */
        return x < y ? x : y;
    }
}

static int64_t bounded(int64_t x, int32_t low, int32_t high) {
    return low != INT32_MIN && x < low ? low : high != INT32_MAX && x > high ? high : x;
}

void tg_integer_pairs(const tg_integer_pairs_params *p, const void *input1, const void *input2, void *output,
                      int32_t first, int32_t count) {
    TG_INTEGER_PAIRS(bounded(combine(x, y, p->operation, p->type), p->output_min, p->output_max))
}
