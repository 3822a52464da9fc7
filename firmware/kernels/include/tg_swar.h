/* Sums of two products in one word, for cores that multiply 32 bits by 32 and no more. */
#ifndef TG_SWAR_H
#define TG_SWAR_H

#include "tg_filter_quads.h"

/* For what would take registers from its caller. */
#if defined(__GNUC__)
#define TG_NEVER_INLINE static __attribute__((noinline))
#else
#define TG_NEVER_INLINE static
#endif

/* Around a loop in assembly that needs all registers: from the address in r0 four sums go to r8 .. r11, where they are
   taken from in the end, and the four words behind them to r12, lr, r0 and r1. r7 may be the frame pointer, which must
   not be named as lost. GCC takes the unified syntax for granted everywhere but in Thumb-1's inline assembly. */
#if TG_THUMB == 2
#define TG_SWAR_ENTER                                                                                                  \
    "push {r0, r7}\n"                                                                                                  \
    "ldmia r0!, {r8-r12, lr}\n"                                                                                        \
    "ldmia r0, {r0, r1}\n"
#define TG_SWAR_LEAVE                                                                                                  \
    "pop {r0, r7}\n"                                                                                                   \
    "stmia r0, {r8-r11}\n"
#elif TG_THUMB == 1
#define TG_SWAR_ENTER                                                                                                  \
    ".syntax unified\n"                                                                                                \
    "push {r0, r7}\n"                                                                                                  \
    "ldmia r0!, {r1-r6}\n"                                                                                             \
    "mov r8, r1\n"                                                                                                     \
    "mov r9, r2\n"                                                                                                     \
    "mov r10, r3\n"                                                                                                    \
    "mov r11, r4\n"                                                                                                    \
    "mov r12, r5\n"                                                                                                    \
    "mov lr, r6\n"                                                                                                     \
    "ldmia r0, {r0, r1}\n"
#define TG_SWAR_LEAVE                                                                                                  \
    "pop {r0, r7}\n"                                                                                                   \
    "mov r1, r8\n"                                                                                                     \
    "mov r2, r9\n"                                                                                                     \
    "mov r3, r10\n"                                                                                                    \
    "mov r4, r11\n"                                                                                                    \
    "stmia r0!, {r1-r4}\n"
#endif
#define TG_SWAR_LOST "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc"

/* What tg_add_quads works on; the assembly knows the order. */
typedef struct {
    uint32_t all_a, upper_a; /* of pixels 0 and 1: the sum of words, and of their upper halves, which are exact */
    uint32_t all_b, upper_b; /* of pixels 2 and 3 */
    const uint32_t *end;     /* of the patches */
    int32_t spare;
    const uint32_t *patch;
    const uint8_t *weights;
} tg_quad_sums;

/* In the loops: r0 the patches, r1 the weights, r2 and r3 the sums of a quad, r4 .. r7 and lr what is multiplied, r8 ..
   r11 all sums, r12 the end. A turn is two quads; an odd number of them begins with the second. */
#if TG_THUMB == 2
/* Loads in a row take one cycle each. */
#define TG_QUAD                                                                                                        \
    "ldmia r0!, {r2-r7}\n"                                                                                             \
    "ldrb lr, [r1], #4\n"                                                                                              \
    "mla r2, lr, r4, r2\n"                                                                                             \
    "mla r3, lr, r5, r3\n"                                                                                             \
    "ldrb lr, [r1, #-3]\n"                                                                                             \
    "ldrb r4, [r1, #-2]\n"                                                                                             \
    "mla r2, lr, r6, r2\n"                                                                                             \
    "mla r3, lr, r7, r3\n"                                                                                             \
    "ldmia r0!, {r5, r6, r7, lr}\n"                                                                                    \
    "mla r2, r4, r5, r2\n"                                                                                             \
    "mla r3, r4, r6, r3\n"                                                                                             \
    "ldrb r4, [r1, #-1]\n"                                                                                             \
    "mla r2, r4, r7, r2\n"                                                                                             \
    "mla r3, r4, lr, r3\n"                                                                                             \
    "add r8, r8, r2\n"                                                                                                 \
    "add r9, r9, r2, asr #16\n"                                                                                        \
    "add r10, r10, r3\n"                                                                                               \
    "add r11, r11, r3, asr #16\n"
#define TG_QUADS_BEGIN                                                                                                 \
    "sub r2, r12, r0\n"                                                                                                \
    "lsls r2, r2, #28\n"                                                                                               \
    "bmi 2f\n"
#define TG_QUADS_END                                                                                                   \
    "cmp r0, r12\n"                                                                                                    \
    "bne 1b\n"
#define TG_QUADS TG_QUADS_BEGIN "1:\n" TG_QUAD "2:\n" TG_QUAD TG_QUADS_END
#elif TG_THUMB == 1
#define TG_QUAD_LOAD(registers) "ldmia r0!, {" registers "}\n"
#define TG_QUAD_TAP(at)                                                                                                \
    "ldrb r6, [r1, #" at "]\n"                                                                                         \
    "movs r7, r6\n"                                                                                                    \
    "muls r7, r4, r7\n"                                                                                                \
    "adds r2, r2, r7\n"                                                                                                \
    "muls r6, r5, r6\n"                                                                                                \
    "adds r3, r3, r6\n"
#define TG_QUAD_SUM(sum, all, upper)                                                                                   \
    "add " all ", " sum "\n"                                                                                           \
    "asrs " sum ", " sum ", #16\n"                                                                                     \
    "add " upper ", " sum "\n"
#define TG_QUAD(a, b, c, d)                                                                                            \
    TG_QUAD_LOAD("r2-r5")                                                                                              \
    TG_QUAD_TAP(a)                                                                                                     \
    TG_QUAD_LOAD("r4, r5")                                                                                             \
    TG_QUAD_TAP(b)                                                                                                     \
    TG_QUAD_LOAD("r4, r5")                                                                                             \
    TG_QUAD_TAP(c)                                                                                                     \
    TG_QUAD_LOAD("r4, r5")                                                                                             \
    TG_QUAD_TAP(d)                                                                                                     \
    TG_QUAD_SUM("r2", "r8", "r9")                                                                                      \
    TG_QUAD_SUM("r3", "r10", "r11")
#define TG_QUADS_BEGIN                                                                                                 \
    "mov r2, r12\n"                                                                                                    \
    "subs r2, r2, r0\n"                                                                                                \
    "lsls r2, r2, #28\n"                                                                                               \
    "bpl 1f\n"                                                                                                         \
    "subs r1, #4\n"                                                                                                    \
    "b 2f\n"
#define TG_QUADS_END                                                                                                   \
    "adds r1, #8\n"                                                                                                    \
    "cmp r0, r12\n"                                                                                                    \
    "bne 1b\n"
#define TG_QUADS TG_QUADS_BEGIN "1:\n" TG_QUAD("0", "1", "2", "3") "2:\n" TG_QUAD("4", "5", "6", "7") TG_QUADS_END
#endif

/* Adds the patches of four pixels times the weights of a filter to its sums. */
static inline void tg_add_quads(tg_quad_sums *sums) {
#if TG_THUMB
    register tg_quad_sums *work __asm__("r0") = sums;
    __asm__ volatile(TG_SWAR_ENTER TG_QUADS TG_SWAR_LEAVE : "+r"(work) : : TG_SWAR_LOST);
#else
    const uint8_t *w = sums->weights;
    for (const uint32_t *x = sums->patch; x != sums->end; x += TG_QUAD_WORDS, w += 4) {
        const uint32_t a = x[0] + w[0] * x[2] + w[1] * x[4] + w[2] * x[6] + w[3] * x[8];
        const uint32_t b = x[1] + w[0] * x[3] + w[1] * x[5] + w[2] * x[7] + w[3] * x[9];
        sums->all_a += a;
        sums->all_b += b;
        sums->upper_a += (uint32_t)((int32_t)a >> 16);
        sums->upper_b += (uint32_t)((int32_t)b >> 16);
    }
#endif
}

#endif
