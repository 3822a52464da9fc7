/* A filter of quads times the expanded patches of four pixels, for cores that multiply 32 bits by 32 and no more. */
#ifndef TG_SWAR_H
#define TG_SWAR_H

#include "tg_filter_quads.h"

#if defined(__GNUC__) && defined(__thumb2__)
#define TG_SWAR_THUMB 2
#elif defined(__GNUC__) && defined(__thumb__)
#define TG_SWAR_THUMB 1
#else
#define TG_SWAR_THUMB 0
#endif

/* What tg_add_quads works on; the assembly knows the order. */
typedef struct {
    uint32_t all_a, upper_a; /* of pixels 0 and 1: the sum of words, and of their upper halves, which are exact */
    uint32_t all_b, upper_b; /* of pixels 2 and 3 */
    const uint32_t *end;     /* of the patches */
    const uint32_t *patch;
    const uint8_t *weights;
} tg_quad_sums;

#if TG_SWAR_THUMB == 2
/* r0 the patches, r1 the weights, r2 and r3 the sums of a quad, r4 .. r7 and lr what is multiplied, r8 .. r11 all sums,
   r12 the end. Loads in a row take one cycle each. */
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
#elif TG_SWAR_THUMB == 1
/* r0 the patches, r1 the weights, r2 and r3 the sums of a quad, r4 .. r7 what is multiplied, r8 .. r11 all sums, r12 the
   end, lr the work. */
#define TG_QUAD_TAP(at)                                                                                                \
    "ldrb r6, [r1, #" at "]\n"                                                                                         \
    "movs r7, r6\n"                                                                                                    \
    "muls r7, r4, r7\n"                                                                                                \
    "adds r2, r2, r7\n"                                                                                                \
    "muls r6, r5, r6\n"                                                                                                \
    "adds r3, r3, r6\n"
#define TG_QUAD(at)                                                                                                    \
    "ldmia r0!, {r2-r5}\n" TG_QUAD_TAP(at "+0") "ldmia r0!, {r4, r5}\n" TG_QUAD_TAP(                                   \
        at "+1") "ldmia r0!, {r4, r5}\n" TG_QUAD_TAP(at "+2") "ldmia r0!, {r4, r5}\n" TG_QUAD_TAP(at                   \
                                                                                                   "+3") "add r8, "    \
                                                                                                         "r2\n"        \
                                                                                                         "add r10, "   \
                                                                                                         "r3\n"        \
                                                                                                         "asrs r2, "   \
                                                                                                         "r2, #16\n"   \
                                                                                                         "asrs r3, "   \
                                                                                                         "r3, #16\n"   \
                                                                                                         "add r9, "    \
                                                                                                         "r2\n"        \
                                                                                                         "add r11, r3\n"
#endif

/* Adds the patches times the weights to the sums. */
static inline void tg_add_quads(tg_quad_sums *sums) {
#if TG_SWAR_THUMB == 2
    register tg_quad_sums *work __asm__("r0") = sums;
    __asm__ volatile("push {r0, r7}\n"
                     "ldmia r0, {r8-r12}\n"
                     "ldrd r0, r1, [r0, #20]\n"
                     "sub r2, r12, r0\n"
                     "lsls r2, r2, #28\n" /* two quads per turn: an odd number begins with the second */
                     "bmi 2f\n"
                     "1:\n" TG_QUAD "2:\n" TG_QUAD "cmp r0, r12\n"
                     "bne 1b\n"
                     "pop {r0, r7}\n"
                     "stmia r0, {r8-r11}\n"
                     : "+r"(work)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc");
#elif TG_SWAR_THUMB == 1
    register tg_quad_sums *work __asm__("r0") = sums;
    __asm__ volatile(".syntax unified\n" /* GCC takes it for granted everywhere but here */
                     "push {r7}\n"
                     "mov lr, r0\n"
                     "ldmia r0!, {r1-r5}\n"
                     "mov r8, r1\n"
                     "mov r9, r2\n"
                     "mov r10, r3\n"
                     "mov r11, r4\n"
                     "mov r12, r5\n"
                     "ldmia r0, {r0, r1}\n"
                     "subs r5, r5, r0\n"
                     "lsls r5, r5, #28\n" /* two quads per turn: an odd number begins with the second */
                     "bpl 1f\n"
                     "subs r1, #4\n"
                     "b 2f\n"
                     "1:\n" TG_QUAD("0") "2:\n" TG_QUAD("4") "adds r1, #8\n"
                     "cmp r0, r12\n"
                     "bne 1b\n"
                     "mov r0, lr\n"
                     "mov r1, r8\n"
                     "mov r2, r9\n"
                     "mov r3, r10\n"
                     "mov r4, r11\n"
                     "stmia r0!, {r1-r4}\n"
                     "pop {r7}\n"
                     : "+r"(work)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc");
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
