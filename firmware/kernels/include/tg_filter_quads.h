/* Filters packed in quads of four weights for kernels that hold the values of two pixels in one word.

   With x = a + 2**16 * b, an int8 weight w times x is both products, and a sum of such words holds both sums as long as
   they are int16. Python packs quads for which they are whatever the pixels are: the magnitudes of four weights are 255
   at most together. What is too much of a weight is left to an extra term of the filter. */
#ifndef TG_FILTER_QUADS_H
#define TG_FILTER_QUADS_H

#include "tg_halves.h"

/* A filter's words: the bias; how many extras it has; what tg_doubled_of takes. */
enum { TG_QUAD_BIAS, TG_QUAD_EXTRAS, TG_QUAD_REQUANT, TG_QUAD_FILTER = TG_QUAD_REQUANT + 3 };

typedef struct {
    const uint8_t *weights; /* [count][quads][4]: 128 + w; what exceeds a filter is 128 */
    const int32_t *filters; /* [count][TG_QUAD_FILTER]; |bias + sum(x * w)| < 2**29 whatever the patch */
    const int32_t *extras;  /* filter after filter: (place << 8) + (w & 255) */
    int32_t count;          /* filters */
    int32_t quads;          /* of a patch: the taps / 4, rounded up */
} tg_filter_quads;

/* Expanded patches of four pixels have ten words per quad: for pixels 0 and 1 what a sum starts with, the same for
   pixels 2 and 3, then for each tap pixels 0 and 1, pixels 2 and 3. */
enum { TG_QUAD_WORDS = 10 };

/* For the sum of a quad's words: half of the range of the lower sum, so that it never borrows from the upper, less what
   128 is too much in each weight. */
static inline uint32_t tg_quad_start(uint32_t sum) {
    return 0x8000u - (sum << 7);
}

/* Where the extra's tap is in an expanded patch. */
static inline int32_t tg_extra_place(int32_t extra) {
    return extra >> 8;
}

static inline int32_t tg_extra_weight(int32_t extra) {
    return (int8_t)(uint8_t)extra;
}

#endif
