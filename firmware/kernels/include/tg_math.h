/* Functions of one float in single precision, without a library. Bounds are of the relative error, if nothing else is
 * said. */
#ifndef TG_MATH_H
#define TG_MATH_H

#include "tg_common.h"

#define TG_FLOAT_MAX 3.4028234664e38f

typedef union {
    float value;
    uint32_t bits;
} tg_float_bits;

static inline float tg_float_of(uint32_t bits) {
    tg_float_bits u;
    u.bits = bits;
    return u.value;
}

static inline uint32_t tg_bits_of(float value) {
    tg_float_bits u;
    u.value = value;
    return u.bits;
}

static inline float tg_infinity(void) {
    return tg_float_of(0x7f800000u);
}

static inline float tg_not_a_number(void) {
    return tg_float_of(0x7fc00000u);
}

static inline float tg_abs(float x) {
    return tg_float_of(tg_bits_of(x) & 0x7fffffffu);
}

/* Not-a-number stays what it is. */
static inline float tg_clamp_float(float x, float low, float high) {
    return x < low ? low : x > high ? high : x;
}

/* Towards 0; from 2**23 on every float is whole. */
static inline float tg_truncate(float x) {
    return tg_abs(x) < 8388608.0f ? (float)(int32_t)x : x;
}

static inline float tg_floor(float x) {
    const float whole = tg_truncate(x);
    return whole > x ? whole - 1.0f : whole;
}

/* Halves go to the even neighbour. */
static inline float tg_round_even(float x) {
    const float below = tg_floor(x), rest = x - below;
    if (rest < 0.5f || tg_abs(x) >= 8388608.0f) {
        return below;
    }
    return rest == 0.5f && ((int32_t)below & 1) == 0 ? below : below + 1.0f;
}

/* The nearest integer, halves away from 0, at most 2**24 in magnitude; 0 for what is not a number. */
static inline int32_t tg_round_bounded(float x) {
    const float limit = 16777216.0f;
    if (!(x > -limit)) {
        return x <= -limit ? -16777216 : 0;
    }
    if (x >= limit) {
        return 16777216;
    }
    const int32_t whole = (int32_t)x;
    const float rest = x - (float)whole; /* exact */
    return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
}

/* x * 2**exponent for |exponent| <= 252. */
static inline float tg_scale_by_power(float x, int32_t exponent) {
    const int32_t half = exponent / 2, rest = exponent - half;
    return x * tg_float_of((uint32_t)(127 + half) << 23) * tg_float_of((uint32_t)(127 + rest) << 23);
}

/* x = result * 2**exponent with 1/sqrt(2) <= result < sqrt(2); x > 0 and finite. */
static inline float tg_split_power(float x, int32_t *exponent) {
    int32_t e = 0;
    if (x < 1.17549435e-38f) {
        x *= 8388608.0f;
        e = -23;
    }
    const uint32_t bits = tg_bits_of(x) - 0x3f3504f3u; /* relative to 1/sqrt(2) */
    *exponent = e + ((int32_t)bits >> 23);
    return tg_float_of((bits & 0x007fffffu) + 0x3f3504f3u);
}

/* exp(r) - 1 for |r| <= ln(2) / 2, within 2e-7. */
static inline float tg_exp_minus_1_near_0(float r) {
    const float tail = 0.5f + r * (0.16666577f + r * (0.041666464f + r * (0.008363182f + r * 0.0013933681f)));
    return r + r * r * tail;
}

/* x = k * ln(2) + result; |x| < 2**7. */
static inline float tg_reduce_by_ln2(float x, int32_t *k) {
    const float whole = tg_floor(x * 1.44269504f + 0.5f);
    *k = (int32_t)whole;
    return x - whole * 0.693145752f - whole * 1.42860677e-6f; /* the first product is exact */
}

/* Within 2e-7. */
static inline float tg_exp(float x) {
    if (!(x > -104.0f)) {
        return x <= -104.0f ? 0.0f : x;
    }
    if (x > 89.0f) {
        return tg_infinity();
    }
    int32_t k;
    const float r = tg_reduce_by_ln2(x, &k);
    return tg_scale_by_power(1.0f + tg_exp_minus_1_near_0(r), k);
}

/* exp(x) - 1 for x <= 0, within 5e-7. */
static inline float tg_exp_minus_1(float x) {
    return x < -0.34f ? tg_exp(x) - 1.0f : tg_exp_minus_1_near_0(x);
}

/* ln(m) for 1/sqrt(2) <= m <= sqrt(2), within 2e-7. */
static inline float tg_log_near_1(float m) {
    const float s = (m - 1.0f) / (m + 1.0f), s2 = s * s;
    return 2.0f * s + s * s2 * (0.66666686f + s2 * (0.39988694f + s2 * 0.29582717f));
}

/* Within 3e-7. */
static inline float tg_log(float x) {
    if (!(x > 0.0f)) {
        return x == 0.0f ? -tg_infinity() : tg_not_a_number();
    }
    if (x > TG_FLOAT_MAX) {
        return x;
    }
    int32_t e;
    const float m = tg_split_power(x, &e);
    return (float)e * 0.693145752f + (tg_log_near_1(m) + (float)e * 1.42860677e-6f);
}

/* Correctly rounded: the root of the mantissa bit by bit, where the core has no instruction for it. */
static inline float tg_sqrt(float x) {
#if defined(__ARM_FP) && (__ARM_FP & 4)
    float root;
    __asm__("vsqrt.f32 %0, %1" : "=t"(root) : "t"(x));
    return root;
#else
    if (!(x > 0.0f)) {
        return x == 0.0f ? x : tg_not_a_number();
    }
    if (x > TG_FLOAT_MAX) {
        return x;
    }
    int32_t e = -127;
    if (x < 1.17549435e-38f) {
        x *= 16777216.0f;
        e -= 24;
    }
    const uint32_t bits = tg_bits_of(x);
    e += (int32_t)(bits >> 23);
    /* x = rest * 2**(e - 23) with e even; its root has 24 bits, and one more that decides how it is rounded. */
    uint32_t rest = ((bits & 0x007fffffu) | 0x00800000u) << (e & 1);
    uint32_t root = 0, sum = 0;
    rest <<= 1;
    for (uint32_t bit = 0x01000000u; bit != 0; bit >>= 1) {
        const uint32_t trial = sum + bit;
        if (trial <= rest) {
            sum = trial + bit;
            rest -= trial;
            root += bit;
        }
        rest <<= 1;
    }
    root = (root + (rest != 0 ? root & 1u : 0u)) >> 1;
    return tg_float_of(root + (uint32_t)((e >> 1) + 126) * 0x00800000u);
#endif
}

/* Within 4e-7; 0 for infinity, infinity for 0. */
static inline float tg_reciprocal_sqrt(float x) {
    return 1.0f / tg_sqrt(x);
}

/* Within 3e-7. */
static inline float tg_tanh(float x) {
    const float a = tg_abs(x);
    if (a < 0.5f) {
        const float a2 = a * a;
        return x + x * a2 *
                       (-0.33333333f +
                        a2 * (0.13333227f + a2 * (-0.053933722f + a2 * (0.021472343f - a2 * 0.0069462958f))));
    }
    if (!(a < 10.0f)) {
        return a != a ? x : x < 0.0f ? -1.0f : 1.0f;
    }
    const float result = 1.0f - 2.0f / (tg_exp(2.0f * a) + 1.0f);
    return x < 0.0f ? -result : result;
}

/* 1 / (1 + exp(-x)), within 5e-7. */
static inline float tg_logistic(float x) {
    return 1.0f / (1.0f + tg_exp(-x));
}

/* 1 minus the error function, within 3e-6: exp(-z**2 + P(t)) * t with t = 1 / (1 + |z| / 2). */
static inline float tg_erfc(float z) {
    const float a = tg_abs(z);
    if (!(a < 11.0f)) {
        return a != a ? z : z < 0.0f ? 2.0f : 0.0f;
    }
    const float t = 1.0f / (1.0f + 0.5f * a);
    float p = 0.1449270582f;
    p = p * t - 0.6808165395f;
    p = p * t + 1.156723863f;
    p = p * t - 0.6962584415f;
    p = p * t - 0.0802590709f;
    p = p * t + 0.0012481688f;
    p = p * t + 0.0346120412f;
    p = p * t + 0.386637959f;
    p = p * t + 0.998633125f;
    p = p * t - 1.265448016f;
    /* a = high + low, so that the exponent's large part is exact */
    const float high = tg_float_of(tg_bits_of(a) & 0xfffff000u), low = a - high;
    const float result = t * tg_exp(-high * high) * tg_exp(p - low * (a + high));
    return z < 0.0f ? 2.0f - result : result;
}

/* x = quarter * pi / 2 + result modulo 2 pi; |result| <= pi / 4, quarter in 0 .. 3; x finite.
   The bits of 2 / pi that count for x are multiplied with its mantissa, which is exact for any x. */
static inline float tg_reduce_by_half_pi(float x, int32_t *quarter) {
    static const uint32_t two_over_pi[8] = {0u,          0xa2f9836eu, 0x4e441529u, 0xfc2757d1u,
                                            0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu};
    const uint32_t bits = tg_bits_of(x);
    const int32_t shift = (int32_t)((bits >> 23) & 0xffu) - 120; /* the first bit of the array that counts */
    if (shift < 0) {                                             /* |x| < 2**-7 */
        *quarter = 0;
        return x;
    }
    const uint64_t mantissa = (bits & 0x007fffffu) | 0x00800000u;
    const int32_t word = shift / 32, rest = shift % 32;
    const uint64_t top = ((uint64_t)two_over_pi[word] << 32) | two_over_pi[word + 1];
    const uint64_t low = ((uint64_t)two_over_pi[word + 2] << 32) | two_over_pi[word + 3]; /* word <= 4 */
    const uint64_t high = rest == 0 ? top : (top << rest) | (low >> (64 - rest));
    const uint64_t next = (low << rest) >> 32;
    /* |x| * 2 / pi modulo 4, with 62 bits after the point; what lies above overflows away */
    const uint64_t tail = mantissa * next;
    const uint64_t product = mantissa * high + (tail >> 32);
    uint32_t q = (uint32_t)(product >> 62);
    const int64_t fraction = (int64_t)(product << 2); /* of a quarter, -1/2 .. 1/2 when taken as signed */
    if (fraction < 0) {
        q++;
    }
    float result = (float)fraction * (1.57079633f / 18446744073709551616.0f);
    if (bits >> 31) {
        result = -result;
        q = 0u - q;
    }
    *quarter = (int32_t)(q & 3u);
    return result;
}

static inline float tg_sin_near_0(float r) {
    const float r2 = r * r;
    return r + r * r2 * (-0.16666665f + r2 * (0.0083327481f - r2 * 0.00019587866f));
}

static inline float tg_cos_near_0(float r) {
    const float r2 = r * r;
    return 1.0f - 0.5f * r2 + r2 * r2 * (0.04166673f + r2 * (-0.0013892565f + r2 * 2.5100598e-5f));
}

/* sin(x + turns * pi / 2), within 2e-7 of the largest value for any x. */
static inline float tg_sin_turned(float x, int32_t turns) {
    if (!(tg_abs(x) <= TG_FLOAT_MAX)) {
        return tg_not_a_number();
    }
    int32_t quarter;
    const float r = tg_reduce_by_half_pi(x, &quarter);
    const int32_t q = quarter + turns;
    const float result = (q & 1) ? tg_cos_near_0(r) : tg_sin_near_0(r);
    return (q & 2) ? -result : result;
}

/* The remainder of the division, with x's sign; exact. */
static inline float tg_remainder(float x, float y) {
    const float a = tg_abs(x), b = tg_abs(y);
    if (!(a <= TG_FLOAT_MAX) || !(b > 0.0f)) {
        return tg_not_a_number();
    }
    float rest = a;
    while (rest >= b) {
        /* the greatest b * 2**n that is no more than the rest, so that the difference is exact */
        const int32_t gap = (int32_t)(tg_bits_of(rest) >> 23) - (int32_t)(tg_bits_of(b) >> 23);
        const float part = tg_scale_by_power(b, gap);
        rest -= part > rest ? 0.5f * part : part;
    }
    return x < 0.0f ? -rest : rest;
}

/* x to the power y as C's pow; within 2e-5. */
static inline float tg_power(float x, float y) {
    const float a = tg_abs(x);
    const int whole = tg_truncate(y) == y;
    const int odd = whole && tg_abs(y) < 16777216.0f && ((int32_t)y & 1);
    if (y == 0.0f || x == 1.0f) {
        return 1.0f;
    }
    if (x != x || y != y) {
        return tg_not_a_number();
    }
    if (tg_abs(y) > TG_FLOAT_MAX) {
        return a == 1.0f ? 1.0f : (a > 1.0f) == (y > 0.0f) ? tg_infinity() : 0.0f;
    }
    if (x < 0.0f && !whole && a <= TG_FLOAT_MAX) {
        return tg_not_a_number();
    }
    float result;
    if (a == 0.0f || a > TG_FLOAT_MAX) {
        result = (a == 0.0f) == (y < 0.0f) ? tg_infinity() : 0.0f;
    } else {
        int32_t e;
        const float m = tg_split_power(a, &e);
        /* y * log2(a) in parts whose large ones are exact: y = high + low, and e has 8 bits */
        const float bounded = tg_clamp_float(y, -1e9f, 1e9f);
        const float high = tg_float_of(tg_bits_of(bounded) & 0xffff0000u), low = bounded - high;
        const float of_high = high * (float)e;
        const float k = tg_floor(tg_clamp_float(of_high, -1000.0f, 1000.0f));
        const float rest = (of_high - k) + low * (float)e + bounded * (tg_log_near_1(m) * 1.44269504f);
        const float whole_rest = tg_floor(tg_clamp_float(rest, -1000.0f, 1000.0f));
        const float exponent = k + whole_rest;
        if (exponent > 128.0f) {
            result = tg_infinity();
        } else if (exponent < -152.0f) {
            result = 0.0f;
        } else {
            result = tg_scale_by_power(tg_exp((rest - whole_rest) * 0.693147181f), (int32_t)exponent);
        }
    }
    return (tg_bits_of(x) >> 31) && odd ? -result : result;
}

/* The arc tangent of 0 <= x <= 1, within 2e-7. */
static inline float tg_arc_tangent(float x) {
    const int is_far = x > 0.41421356f; /* the tangent of pi / 8 */
    const float t = is_far ? (x - 1.0f) / (x + 1.0f) : x, t2 = t * t;
    const float a = t + t * t2 * (-0.33332943f + t2 * (0.19977469f + t2 * (-0.13874858f + t2 * 0.08043949f)));
    return is_far ? a + 0.785398163f : a;
}

/* The angle of the point (x, y), within 3e-7; zeros and infinities have their signs' angles. */
static inline float tg_angle(float y, float x) {
    const float a = tg_abs(x), b = tg_abs(y);
    if (a != a || b != b) {
        return x + y;
    }
    const float small = a < b ? a : b, large = a < b ? b : a;
    float angle = tg_arc_tangent(large == 0.0f ? 0.0f : small == large ? 1.0f : small / large);
    angle = a < b ? 1.57079633f - angle : angle;
    angle = (tg_bits_of(x) >> 31) != 0 ? 3.14159265f - angle : angle;
    return (tg_bits_of(y) >> 31) != 0 ? -angle : angle;
}

#endif
