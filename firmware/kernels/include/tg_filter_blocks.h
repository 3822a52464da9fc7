/* Filters packed in blocks of four for kernels that multiply 16 bits by 16, and what a block means in plain C.

   A block is a run of 16-byte groups, one per four bytes of the patch, d .. d + 3, which the filters 0 .. 3 meet so:
     halfwords { h01[d], h01[d + 2] }, { h23[d], h23[d + 2] }, { h01[d + 1], h01[d + 3] }, { h23[d + 1], h23[d + 3] }
   where h01 = f0 + 256 * f1, and h23 = f2 + 256 * f3. With x the patch, S = sum(x * f0) comes from the lower bytes,
   sign-extended, R = sum(x * h01) from whole halfwords, and (R - S) / 256 = sum(x * f1): one load and one SXTB16 for
   four weights. Python packs only filters for which that is exact: h fits in int16, |bias + sum(x * f)| < 2**23 for f1
   and f3, < 2**30 for f0 and f2, whatever the patch. */
#ifndef TG_FILTER_BLOCKS_H
#define TG_FILTER_BLOCKS_H

#include "tg_common.h"

typedef struct {
    const int8_t *weights;     /* block after block; missing filters of the last one are 0 */
    const int32_t *sums;       /* [blocks][4]: where S and R begin: bias 0, bias 0 + 256 * bias 1, bias 2, ... */
    const tg_requant *requant; /* [blocks][4], or alike; shifts 0 .. 21 to the right, see tg_block_store */
    int32_t requant_step;      /* 1 per filter, 0 when all share one, of which CONV_2D wants four */
    int32_t filters;
    int32_t depth;    /* bytes of a patch, a multiple of 4 */
    int32_t rounding; /* 2 * zero point + 1 */
} tg_filter_blocks;

/* Adds `bytes` bytes of the patch, a multiple of 4, to S and R of a block's filters. */
static inline void tg_block_add(const int8_t *patch, const int8_t *group, int32_t bytes, uint32_t sums[4]) {
    for (int32_t d = 0; d < bytes; d += 4, patch += 4, group += 16) {
        for (int32_t i = 0; i < 16; i += 2) { /* a halfword */
            const int32_t x = patch[(i >> 3) + (i & 2)], pair = i >> 1 & 2;
            sums[pair] += (uint32_t)(x * group[i]);
            sums[pair + 1] += (uint32_t)(x * (int16_t)((uint8_t)group[i] | (uint32_t)(uint8_t)group[i + 1] << 8));
        }
    }
}

/* The stored outputs of a block's first `count` filters. tg_multiply and the zero point without 64 bits:
   ((high + (rounding << shift)) >> shift) >> 1, where high is the sum * multiplier / 2**32, of a doubled sum unless
   rounding is single. */
static inline void tg_block_store(const tg_requant *requant, int32_t step, int32_t rounding, int32_t count,
                                  const uint32_t sums[4], int8_t *output) {
    for (int32_t i = 0; i < count; i++) {
        const tg_requant by = requant[i * step];
        /* arithmetic shifts; the difference is a multiple of 256 */
        const int32_t sum = i & 1 ? (int32_t)(sums[i] - sums[i - 1]) >> 8 : (int32_t)sums[i];
#if TG_ROUNDING_SINGLE
        const int32_t high = (int32_t)(((int64_t)sum * by.multiplier) >> 32);
#else
        const int32_t once = (int32_t)(((int64_t)sum * 2 * by.multiplier + ((int64_t)1 << 31)) >> 32);
        const int32_t high = once + (once >> 31); /* the second rounding takes halves away from 0 */
#endif
        /* |high| <= 2**30, |rounding << shift| < 2**29.1 */
        output[i] = (int8_t)tg_clamp((high + rounding * (1 << by.shift)) >> by.shift >> 1, -128, 127);
    }
}

/* The requant of a block. */
static inline const tg_requant *tg_block_requant(const tg_filter_blocks *k, int32_t block) {
    return k->requant + 4 * block * k->requant_step;
}

#endif
