/* Products of floats: one or two vectors times four others at once, which share what is loaded. Every sum is added up
   in the order of the elements, as it is alone, so its bits are the same. */
#ifndef TG_DSP_FLOATS_H
#define TG_DSP_FLOATS_H

#include "tg_dsp.h"

/* Of one vector, and of another, with four rows. */
typedef struct {
    float x[4];
    float y[4];
} tg_float_sums;

/* Adds the products of `count` elements, at least one, of x, and of what lies `other` elements behind it if there are
   two, with those of the rows from element `at` on. */
TG_ALWAYS_INLINE void tg_float_add(const float *x, int32_t other, const float *const rows[4], int32_t at, int32_t count,
                                   int vectors, tg_float_sums *sums) {
    const float *y = x + other, *const end = x + count;
    const float *a = rows[0] + at, *b = rows[1] + at, *c = rows[2] + at, *d = rows[3] + at;
    float xa = sums->x[0], xb = sums->x[1], xc = sums->x[2], xd = sums->x[3];
    float ya = sums->y[0], yb = sums->y[1], yc = sums->y[2], yd = sums->y[3];
    do {
        const float u = *x++, wa = *a++, wb = *b++, wc = *c++, wd = *d++;
        const float ua = u * wa, ub = u * wb, uc = u * wc, ud = u * wd;
        xa += ua, xb += ub, xc += uc, xd += ud;
        if (vectors == 2) {
            const float v = *y++;
            const float va = v * wa, vb = v * wb, vc = v * wc, vd = v * wd;
            ya += va, yb += vb, yc += vc, yd += vd;
        }
    } while (x != end);
    sums->x[0] = xa, sums->x[1] = xb, sums->x[2] = xc, sums->x[3] = xd;
    sums->y[0] = ya, sums->y[1] = yb, sums->y[2] = yc, sums->y[3] = yd;
}

#endif
